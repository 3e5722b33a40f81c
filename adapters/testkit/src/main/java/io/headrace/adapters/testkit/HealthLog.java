package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.Health;

import java.util.ArrayList;
import java.util.List;

/** A health that remembers every report. Safe for any thread. */
public final class HealthLog implements Health {
    /** How many reports are kept; an adapter that makes more is only counted. */
    public static final int MAX_REPORTS = 10_000;

    private final List<Report> reports = new ArrayList<>();
    private Report last = new Report(State.STARTING, "");
    private long reportCount;

    /**
     * One report.
     *
     * @param state  that was given.
     * @param reason that was given, empty for {@link State#STARTING} and {@link State#UP}.
     */
    public record Report(State state, String reason) {
    }

    private synchronized void add(final State state, final String reason) {
        last = new Report(state, reason);
        reportCount++;
        if (reports.size() < MAX_REPORTS) {
            reports.add(last);
        }
    }

    @Override
    public void up() {
        add(State.UP, "");
    }

    @Override
    public void degraded(final String reason) {
        add(State.DEGRADED, reason);
    }

    @Override
    public void down(final String reason) {
        add(State.DOWN, reason);
    }

    @Override
    public void failed(final String reason) {
        add(State.FAILED, reason);
    }

    @Override
    public synchronized State state() {
        return last.state();
    }

    @Override
    public synchronized String reason() {
        return last.reason();
    }

    /** {@return the last report; its state and its reason belong together} */
    public synchronized Report last() {
        return last;
    }

    /** {@return a copy of the reports kept, in order} */
    public synchronized List<Report> reports() {
        return List.copyOf(reports);
    }

    /** {@return how many reports were made} */
    public synchronized long reportCount() {
        return reportCount;
    }
}
