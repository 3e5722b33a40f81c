package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * What a sink is given that replays into its target. Owned by the thread that replays. It has a name of its own and no
 * event log, so that the position which the flow's own sink keeps in the target is neither used nor changed.
 */
final class ReplayContext implements SinkContext {
    private final String name;
    private final HealthIndicator health;
    private final Counters counters = new Counters();
    private final EpochHistory epochs = EpochHistory.withoutLog();

    ReplayContext(final String name) {
        this.name = name;
        this.health = new HealthIndicator(name);
    }

    Counters counters() {
        return counters;
    }

    @Override
    public int lane() {
        return 0;
    }

    @Override
    public int laneCount() {
        return 1;
    }

    @Override
    public EpochHistory epochs() {
        return epochs;
    }

    @Override
    public String name() {
        return name;
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
        return counters.counter(counterName);
    }
}
