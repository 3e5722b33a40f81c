package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/** A sink's context of the bus, for a sink whose batches the test delivers itself. */
record TestSinkContext(
    String name, int lane, int laneCount, EpochHistory epochs, Counters counters, Health health)
    implements SinkContext {
    static final EpochHistory EPOCHS = EpochHistory.of(7).begin(1, 0);

    static TestSinkContext oneLane(final String name) {
        return ofLanes(name, 0, 1);
    }

    static TestSinkContext ofLanes(final String name, final int lane, final int laneCount) {
        return new TestSinkContext(name, lane, laneCount, EPOCHS, new Counters(), new HealthIndicator(name));
    }

    TestSinkContext with(final EpochHistory otherEpochs) {
        return new TestSinkContext(name, lane, laneCount, otherEpochs, counters, health);
    }

    @Override
    public EpochNanoClock epochClock() {
        return new OffsetEpochNanoClock();
    }

    @Override
    public NanoClock nanoClock() {
        return SystemNanoClock.INSTANCE;
    }

    @Override
    public AtomicCounter counter(final String counterName) {
        return counters.counter(counterName);
    }

    long count(final String counterName) {
        return counter(counterName).get();
    }
}
