package io.headrace.bus.monitor;

import io.headrace.bus.adapter.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of one part. Safe for use by any thread; each change of state or reason is logged once, repetitions are
 * not. {@link State#FAILED} is final: what works beside the failed part must not hide it.
 */
public final class HealthIndicator implements Health {
    private static final Logger LOG = LoggerFactory.getLogger(HealthIndicator.class);

    private final String partName;
    private volatile Report report = new Report(State.STARTING, "");

    private record Report(State state, String reason) {
    }

    /**
     * Makes the indicator of a part that is starting.
     *
     * @param partName for the log, for example {@code source erp}.
     */
    public HealthIndicator(final String partName) {
        this.partName = partName;
    }

    @Override
    public void up() {
        // On the way of every delivered batch: only a read while nothing changes.
        if (report.state() != State.UP) {
            change(State.UP, "");
        }
    }

    @Override
    public void degraded(final String reason) {
        change(State.DEGRADED, reason);
    }

    @Override
    public void down(final String reason) {
        change(State.DOWN, reason);
    }

    @Override
    public void failed(final String reason) {
        change(State.FAILED, reason);
    }

    private synchronized void change(final State newState, final String newReason) {
        final Report old = report;
        final Report changed = new Report(newState, newReason);
        if (old.state() == State.FAILED || old.equals(changed)) {
            return;
        }
        report = changed;
        switch (newState) {
            case FAILED -> LOG.error("{} failed: {}", partName, newReason);
            case DOWN, DEGRADED -> LOG.warn("{} is {}: {}", partName, newState.name().toLowerCase(), newReason);
            default -> LOG.info("{} is {}", partName, newState.name().toLowerCase());
        }
    }

    @Override
    public State state() {
        return report.state();
    }

    @Override
    public String reason() {
        return report.reason();
    }
}
