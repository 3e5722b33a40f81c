package io.headrace.adapters.postgres.pgoutput;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChangePublisherTest {
    private static final int MESSAGES = 200;
    private static final byte[] TEXT = {'x'};

    private final List<String> received = new ArrayList<>();
    private int connectionsLost;

    private void transaction(final ChangePublisher publisher) {
        publisher.begin(7, 1000, 1);
        for (int i = 0; i < MESSAGES; i++) {
            publisher.message(
                TEXT, TEXT, TEXT, true, new UnsafeBuffer(new byte[] {(byte)i}), 0, 1, 900 + i);
        }
        publisher.commit();
    }

    @Test
    void shouldLoseNothingWhenTheConnectionBreaksWhileItWaitsForRoom() {
        try (Bus bus = new Bus(new BusContext().ring(64, 64))) {
            final TransactionMarkView mark = new TransactionMarkView();
            final DirectSubscription subscription = bus.addDirect("reader", TopicSelector.all(), event -> {
                if (event.kind() == EventKind.TRANSACTION) {
                    mark.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
                    received.add(mark.mark().name());
                } else {
                    received.add(String.valueOf(event.buffer().getByte(
                        event.payloadOffset() + event.payloadLength() - 1) & 0xFF));
                }
            });
            final ChangePublisher publisher = new ChangePublisher(
                bus.newPublisher("erp"), "erp", () -> {
                    // The bus has room again, but the status to the server fails: the transaction will come again.
                    subscription.doWork();
                    connectionsLost++;
                    throw new UncheckedIOException(new IOException("connection lost"));
                }, PublishCounters.of(bus.counters()::counter), SystemEpochNanoClock.INSTANCE);
            final List<String> expected = new ArrayList<>();
            expected.add("BEGIN");
            for (int i = 0; i < MESSAGES; i++) {
                expected.add(String.valueOf(i));
            }
            expected.add("COMMIT");
            while (received.size() < expected.size() && connectionsLost < MESSAGES) {
                try {
                    transaction(publisher);
                } catch (final UncheckedIOException e) {
                    assertEquals("connection lost", e.getCause().getMessage());
                }
                subscription.doWork();
            }
            assertEquals(expected, received);
            assertTrue(connectionsLost > 0, "it never waited for room");
        }
    }
}
