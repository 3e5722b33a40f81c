package io.headrace.adapters.mqtt;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real bus for a test, whose only subscription the test steps itself: as long as it does not, the ring fills up.
 */
final class BusRig implements AutoCloseable {
    static final String NAME = "machines";

    private final Bus bus;
    private final HealthIndicator health = new HealthIndicator("source " + NAME);
    private final DirectSubscription subscription;
    private final AtomicLong finishedLimit = new AtomicLong(Long.MAX_VALUE);
    private final List<Received> received = new ArrayList<>();

    /** An event as the test looks at it. */
    record Received(
        long sequence, EventKind kind, String topic, String source, String key, String messageId, String correlationId,
        long sourceTimeNs, String sensorId, String unit, Object value, String quality, long timeNs,
        String contentType, String body) {
    }

    BusRig(final int slots) {
        this(new BusContext().ring(slots, 256));
    }

    BusRig(final BusContext context) {
        bus = new Bus(context);
        subscription = bus.addDirect("test", TopicSelector.all(), event -> received.add(copy(event)));
    }

    static Received copy(final EventView event) {
        final ReadingView reading = new ReadingView();
        final DocumentView document = new DocumentView();
        final boolean isReading = event.kind() == EventKind.READING;
        final DecodeError error = isReading ?
            reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) :
            document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
        if (error != DecodeError.NONE) {
            throw new AssertionError(error);
        }
        return new Received(
            event.sequence(), event.kind(), event.topic(), event.source(),
            text(event, event.keyOffset(), event.keyLength()),
            text(event, event.messageIdOffset(), event.messageIdLength()),
            text(event, event.correlationIdOffset(), event.correlationIdLength()),
            event.sourceTimeNs(),
            isReading ? reading.sensorId() : null, isReading ? reading.unit() : null,
            isReading ? value(reading) : null, isReading ? reading.quality().name() : null,
            isReading ? reading.timeNs() : 0,
            isReading ? null : document.contentType(),
            isReading ? null : document.buffer().getStringWithoutLengthUtf8(
                document.bodyOffset(), document.bodyLength()));
    }

    private static Object value(final ReadingView reading) {
        return switch (reading.readingType()) {
            case FLOAT -> reading.doubleValue();
            case INTEGER -> reading.longValue();
            case BOOLEAN -> reading.boolValue();
            default -> reading.text();
        };
    }

    private static String text(final EventView event, final int offset, final int length) {
        return event.buffer().getStringWithoutLengthUtf8(offset, length);
    }

    /** Takes what is on the bus. */
    List<Received> poll() {
        while (subscription.doWork() > 0) {
            Thread.onSpinWait();
        }
        return received;
    }

    /** Lets nothing past a sequence count as finished, as a log that has not recorded it yet. */
    void holdFinishedAt(final long sequence) {
        finishedLimit.set(sequence);
    }

    Bus bus() {
        return bus;
    }

    HealthIndicator health() {
        return health;
    }

    long counter(final String name) {
        return bus.counters().counter(NAME + "." + name).get();
    }

    SourceContext sourceContext() {
        return new Context(bus, NAME, health, bus.newPublisher(NAME), 0, 1, finishedLimit);
    }

    SinkContext sinkContext() {
        return new Context(bus, NAME, health, null, 0, 1, finishedLimit);
    }

    private record Context(
        Bus bus, String name, Health health, Publisher publisher, int lane, int laneCount, AtomicLong finishedLimit)
        implements SourceContext, SinkContext {
        @Override
        public long finishedSequence() {
            return Math.min(finishedLimit.get(), bus.finishedSequence());
        }

        @Override
        public EpochHistory epochs() {
            return bus.epochs();
        }

        @Override
        public Optional<RecordedSource> recorded() {
            return bus.recorded(name);
        }

        @Override
        public boolean durable() {
            return bus.hasLog();
        }

        @Override
        public EpochNanoClock epochClock() {
            return bus.context().epochClock();
        }

        @Override
        public NanoClock nanoClock() {
            return bus.context().nanoClock();
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter(name + "." + counterName);
        }
    }

    @Override
    public void close() {
        bus.close();
    }
}
