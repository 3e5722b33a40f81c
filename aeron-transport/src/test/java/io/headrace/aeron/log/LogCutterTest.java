package io.headrace.aeron.log;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogCut;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The end of a replica's log is cut, over several segments, and the log goes on. */
class LogCutterTest {
    private static final byte[] NAME = "erp".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final EventLogProvider provider = new AeronEventLogProvider();
    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer(1024);

    private Bus open() {
        final EventLogContext context = new EventLogContext()
            .folder(folder).termLengthBytes(1 << 16).segmentLengthBytes(1 << 16);
        return new Bus(new BusContext().ring(1 << 10, 128).log(() -> provider.open(context)));
    }

    private Bus openReplica(final EpochHistory leader) {
        final EventLogContext context = new EventLogContext()
            .folder(folder).termLengthBytes(1 << 16).segmentLengthBytes(1 << 16);
        return new Bus(new BusContext().ring(1 << 10, 128).replica(leader, 0).log(() -> provider.open(context)));
    }

    private List<Long> publish(final Bus bus, final int count) {
        final Publisher publisher = bus.newPublisher("erp");
        final List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final EventWriter writer =
                new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(NAME).source(NAME);
            writer.beginPayload();
            final long sequence =
                publisher.publish(buffer, 0, writer.endPayload(i % 300).length(), PATIENCE.toNanos());
            assertTrue(sequence >= 0);
            sequences.add(sequence);
        }
        return sequences;
    }

    private List<Long> recorded() {
        final List<Long> sequences = new ArrayList<>();
        try (LogReader reader = provider.openReader(folder)) {
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    sequences.add(reader.sequence());
                }
            }
        }
        return sequences;
    }

    @Test
    void shouldCutFromAnEventOnAndGoOn() {
        final List<Long> sequences;
        try (Bus bus = open()) {
            sequences = publish(bus, 2000);
        }
        final long from = sequences.get(700);
        final LogCut cut = provider.cut(folder, from);
        assertEquals(new LogCut(1300, from, sequences.get(1999)), cut);
        assertEquals(sequences.subList(0, 700), recorded());
        assertEquals(new LogCut(0, -1, -1), provider.cut(folder, from), "a second cut finds nothing");
        try (Bus bus = open()) {
            assertEquals(2, bus.epochs().epoch());
            assertEquals(from, bus.epochs().firstSequence(2));
            final List<Long> more = publish(bus, 10);
            assertEquals(from, more.get(0));
        }
        assertEquals(710, recorded().size());
    }

    @Test
    void shouldCutAnEpochWithoutAnEvent() {
        final long next;
        final EpochHistory before;
        try (Bus bus = open()) {
            publish(bus, 10);
            next = bus.claimedSequence() + 1;
            before = bus.epochs();
        }
        try (Bus bus = open()) {
            assertEquals(next, bus.epochs().firstSequence(2));
        }
        assertEquals(0, provider.cut(folder, next).eventCount());
        try (Bus bus = openReplica(null)) {
            assertEquals(1, bus.epochs().epoch());
            assertEquals(before.startTimeNs(1), bus.epochs().startTimeNs(1), "kept by the checkpoint");
            assertEquals(next, bus.claimedSequence() + 1);
        }
    }

    /** Otherwise the replica would say that it has more than its leader, and cut for ever. */
    @Test
    void shouldCutWhatOnlySaysThatTheLogWasFurther() {
        final long next;
        try (Bus bus = open()) {
            publish(bus, 10);
            next = bus.claimedSequence() + 1;
            final EventClaim claim = new EventClaim();
            assertEquals(next, bus.newPublisher("erp").tryClaim(400, claim));
            claim.abort();
        }
        assertTrue(provider.describe(folder).nextSequence() > next);
        assertEquals(0, provider.cut(folder, next).eventCount());
        assertEquals(next, provider.describe(folder).nextSequence());
    }

    @Test
    void shouldCutEverything() {
        try (Bus bus = open()) {
            publish(bus, 500);
        }
        final long logId = provider.describe(folder).logId();
        assertEquals(500, provider.cut(folder, 0).eventCount());
        assertEquals(List.of(), recorded());
        try (Bus bus = openReplica(null)) {
            assertEquals(0, bus.epochs().epoch());
            assertEquals(logId, bus.epochs().logId());
            assertEquals(-1, bus.claimedSequence());
        }
    }

    @Test
    void shouldRefuseALogInUse() {
        try (Bus bus = open()) {
            publish(bus, 10);
            assertThrows(LogException.class, () -> provider.cut(folder, 5));
        }
        assertEquals(10, recorded().size());
    }
}
