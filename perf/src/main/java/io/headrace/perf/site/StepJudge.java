package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Stateless: says whether a flow sustained a step, and which stage gave way where it did not. */
final class StepJudge {
    private static final double MIN_SENT_PART = 0.98;
    /** A lane that is in its sink for more of the time cannot take more. */
    private static final double BUSY_PART = 0.9;
    /** A source that waits for more of the time is held up. */
    private static final double ROOM_WAIT_PART = 0.05;
    private static final long MIN_BEHIND_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double MAX_BEHIND_PART = 0.05;

    private StepJudge() {
    }

    /** How long after the schedule's end a flow may still have events to deliver. */
    static long behindLimitNs(final double seconds, final Objective objective) {
        return Math.max(MIN_BEHIND_NS, Math.max(objective.totalNs(), (long)(seconds * 1e9 * MAX_BEHIND_PART)));
    }

    static Verdict verdict(final FlowStep step, final Objective objective) {
        if (!step.stopped().isEmpty()) {
            return Verdict.STOPPED;
        }
        if (step.lost() > 0 || step.misplaced() > 0) {
            return Verdict.EVENTS_LOST;
        }
        if (step.dropped() > 0 || step.setAside() > 0) {
            return Verdict.EVENTS_DROPPED;
        }
        if (step.sentPart() < MIN_SENT_PART || step.behindNs() < 0) {
            return Verdict.RATE_NOT_HELD;
        }
        return missed(step, objective) == null ? Verdict.SUSTAINED : Verdict.OBJECTIVE_MISSED;
    }

    private static Stage missed(final FlowStep step, final Objective objective) {
        for (final Stage stage : Stage.values()) {
            final Long limitNs = objective.limitsNs().get(stage);
            if (limitNs != null && step.judgedNs(stage) > limitNs) {
                return stage;
            }
        }
        return null;
    }

    /** Why a step was not sustained, for people. */
    static String reason(final FlowStep step, final Objective objective, final double percentile) {
        return switch (verdict(step, objective)) {
            case SUSTAINED -> "sustained";
            case STOPPED -> "stopped: " + step.stopped();
            case EVENTS_LOST -> text("lost %,d events, %,d doubled or out of order", step.lost(), step.misplaced());
            case EVENTS_DROPPED -> text("%,d events dropped or conflated by when-full, %,d set aside", step.dropped(),
                step.setAside());
            case RATE_NOT_HELD -> step.sentPart() < MIN_SENT_PART
                ? text("rate not held: the sources sent %.0f %% of their schedule", 100 * step.sentPart())
                : "rate not held: a backlog was left at the end";
            case OBJECTIVE_MISSED -> {
                final Stage stage = missed(step, objective);
                yield text("objective missed: p%s of %s %s, meant to be %s", percentileText(percentile), name(stage),
                    SiteUnits.latency(step.judgedNs(stage)), SiteUnits.latency(objective.limitsNs().get(stage)));
            }
        };
    }

    static String percentileText(final double percentile) {
        return percentile == Math.rint(percentile) ? String.valueOf((long)percentile) : String.valueOf(percentile);
    }

    private static String text(final String format, final Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String name(final Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Which stage gave way. Events queue before what is exhausted, so that the stage that grew the most is not always
     * the one that cannot take more: behind a busy sink they wait on the ring, and before a full ring in the source.
     *
     * @param held   the last step sustained; null when there is none.
     * @param failed the first step not sustained.
     */
    static GaveWay gaveWay(final FlowStep held, final FlowStep failed) {
        final long[] growthNs = new long[3];
        int most = 0;
        for (int i = 0; i < growthNs.length; i++) {
            final Stage stage = Stage.values()[i];
            growthNs[i] = failed.judgedNs(stage) - (held == null ? 0 : held.judgedNs(stage));
            most = growthNs[i] > growthNs[most] ? i : most;
        }
        final Stage grewMost = Stage.values()[most];
        if (failed.busyPart() >= BUSY_PART) {
            return new GaveWay(Stage.CONSUMPTION, grewMost, growthNs[most],
                text("its sink was busy for %.0f %% of the time%s", 100 * failed.busyPart(),
                    grewMost == Stage.CONSUMPTION ? "" : ", and events queued before it"));
        }
        if (failed.roomWaitPart() >= ROOM_WAIT_PART) {
            return new GaveWay(Stage.SOURCE, grewMost, growthNs[most],
                text("its source waited for room on the ring for %.0f %% of the time, though its own sink was busy "
                    + "for %.0f %% only: another flow or the event log held the ring", 100 * failed.roomWaitPart(),
                    100 * failed.busyPart()));
        }
        if (failed.sentPart() < MIN_SENT_PART) {
            return new GaveWay(Stage.SOURCE, grewMost, growthNs[most],
                "the synthetic source could not publish faster on this machine");
        }
        return new GaveWay(grewMost, grewMost, growthNs[most], text("it grew by %s, the most of the three",
            SiteUnits.latency(growthNs[most])));
    }
}
