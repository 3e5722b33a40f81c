package io.headrace.adapters.file;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A sink's context with clocks that stand until the test moves them. */
final class TestSinkContext implements SinkContext {
    static final EpochHistory EPOCHS = EpochHistory.of(7).begin(1, 0);

    private final Map<String, AtomicCounter> counters = new ConcurrentHashMap<>();
    private final TestHealth health = new TestHealth();
    private EpochHistory epochs;
    private long epochNs;

    TestSinkContext(final String time) {
        this(time, EPOCHS);
    }

    TestSinkContext(final String time, final EpochHistory epochs) {
        this.epochs = epochs;
        final Instant instant = Instant.parse(time);
        epochNs = Math.addExact(instant.getEpochSecond() * 1_000_000_000L, instant.getNano());
    }

    void advance(final Duration duration) {
        epochNs += duration.toNanos();
    }

    long count(final String counterName) {
        return counter(counterName).get();
    }

    @Override
    public String name() {
        return "readings";
    }

    /** As on a replica, whose leader began another one. */
    void beginEpoch(final long firstSequence) {
        epochs = epochs.begin(epochs.epoch() + 1, firstSequence);
    }

    @Override
    public EpochHistory epochs() {
        return epochs;
    }

    @Override
    public EpochNanoClock epochClock() {
        return () -> epochNs;
    }

    @Override
    public NanoClock nanoClock() {
        return () -> epochNs;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public AtomicCounter counter(final String counterName) {
        return counters.computeIfAbsent(counterName, name -> new AtomicCounter(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CountersReader.COUNTER_LENGTH)), 0));
    }

    @Override
    public int lane() {
        return 0;
    }

    @Override
    public int laneCount() {
        return 1;
    }

    private static final class TestHealth implements Health {
        private volatile State state = State.STARTING;
        private volatile String reason = "";

        @Override
        public void up() {
            set(State.UP, "");
        }

        @Override
        public void degraded(final String why) {
            set(State.DEGRADED, why);
        }

        @Override
        public void down(final String why) {
            set(State.DOWN, why);
        }

        @Override
        public void failed(final String why) {
            set(State.FAILED, why);
        }

        private void set(final State newState, final String why) {
            state = newState;
            reason = why;
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public String reason() {
            return reason;
        }
    }
}
