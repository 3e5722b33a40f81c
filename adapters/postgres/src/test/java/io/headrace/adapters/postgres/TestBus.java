package io.headrace.adapters.postgres;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.EventHandler;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import static org.awaitility.Awaitility.await;

/** A real bus with a source on it, and everything that was published. */
final class TestBus implements AutoCloseable {
    private final Bus bus;
    private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();
    private final Context context = new Context();
    private Source source;
    private volatile long heldSequence = Long.MAX_VALUE;
    private boolean durable;
    private Optional<RecordedSource> recorded = Optional.empty();

    TestBus() {
        this(new BusContext().ring(1 << 14, 256), null);
    }

    TestBus(final BusContext busContext, final EventHandler handler) {
        bus = new Bus(busContext);
        bus.subscribe("recorder", TopicSelector.all(),
            handler != null ? handler : event -> events.add(RecordedEvent.of(event)));
    }

    /** Stands for a bus with an event log that holds these events of the source; it is a simulation of the log. */
    TestBus recorded(final List<RecordedEvent> found) {
        durable = true;
        recorded = found.isEmpty() ? Optional.empty() : Optional.of(new RecordedSource(
            -1,
            HexFormat.of().parseHex(found.get(found.size() - 1).position()),
            isLast(found, event -> event.what().equals("BEGIN"), event -> event.what().equals("COMMIT")),
            isLast(found, RecordedEvent::snapshot, event -> event.what().equals("SNAPSHOT_END"))));
        return this;
    }

    private static boolean isLast(
        final List<RecordedEvent> events, final Predicate<RecordedEvent> begin, final Predicate<RecordedEvent> end) {
        return events.stream().filter(begin.or(end)).reduce((earlier, later) -> later).filter(begin).isPresent();
    }

    TestBus start(final TestOptions options) {
        source = new PostgresSourceProvider().createSource(options.build(), context);
        source.start();
        return this;
    }

    /** Waits until the source follows the stream. */
    TestBus awaitUp() {
        await().until(() -> context.health.state() == Health.State.UP);
        return this;
    }

    void stopSource() {
        source.close();
        source = null;
    }

    void quiesceSource() {
        source.quiesce();
        // The recorder may still be behind what was published.
        if (!bus.drain(Duration.ofSeconds(10))) {
            throw new IllegalStateException("the recorder is stuck");
        }
    }

    /** Lets nothing past a sequence count as finished. */
    void holdFinishedAt(final long sequence) {
        heldSequence = sequence;
    }

    long counter(final String name) {
        return context.counter(name).get();
    }

    Health health() {
        return context.health;
    }

    /** All that was published, but for the mark that ends a snapshot: most tests look at what comes after it. */
    List<RecordedEvent> events() {
        return select(event -> true);
    }

    List<RecordedEvent> published() {
        return new ArrayList<>(events);
    }

    List<RecordedEvent> rows() {
        return select(event -> event.kind() == EventKind.ROW_CHANGE);
    }

    List<RecordedEvent> select(final Predicate<RecordedEvent> predicate) {
        return events.stream().filter(event -> !event.what().equals("SNAPSHOT_END")).filter(predicate).toList();
    }

    List<RecordedEvent> awaitRows(final int count) {
        await().until(() -> rows().size() >= count);
        return rows();
    }

    void clear() {
        events.clear();
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
        bus.close();
    }

    private final class Context implements SourceContext {
        private final HealthIndicator health = new HealthIndicator("source erp");

        @Override
        public String name() {
            return "erp";
        }

        @Override
        public Optional<RecordedSource> recorded() {
            return recorded;
        }

        @Override
        public boolean durable() {
            return durable;
        }

        @Override
        public EpochNanoClock epochClock() {
            return SystemEpochNanoClock.INSTANCE;
        }

        @Override
        public NanoClock nanoClock() {
            return SystemNanoClock.INSTANCE;
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter("source.erp." + counterName);
        }

        @Override
        public Publisher publisher() {
            return bus.newPublisher("erp");
        }

        @Override
        public long finishedSequence() {
            return Math.min(heldSequence, bus.finishedSequence());
        }
    }
}
