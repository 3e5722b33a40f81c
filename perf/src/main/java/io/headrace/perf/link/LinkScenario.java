package io.headrace.perf.link;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.IdleCpu;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S8: what the way to another process costs. */
public final class LinkScenario implements Scenario {
    private static final String BARE = "aeron";
    private static final String SUBJECT = "headrace";
    /** The client with a thread of its own, as it is by default. */
    private static final String THREADED = "headrace-client-thread";
    private static final double REMOTE_LIMIT = 2;
    private static final double REPLICA_LIMIT = 1.3;
    private static final double CATCH_UP_LIMIT = 0.7;
    private static final double LIVE_LIMIT = 1.3;

    @Override
    public String id() {
        return "S8";
    }

    @Override
    public String question() {
        return "What does the way to another process cost beside bare Aeron: from a remote publisher to a handler of "
            + "the service, and from a leader to a handler of its replica?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final String conditions = "128 B, " + settings.rate(10_000) + "/s, then a burst";
        return List.of(
            remote("publisher-ipc", conditions, true),
            remote("publisher-udp", conditions, false),
            replica("replica-udp", conditions, false),
            replica("replica-udp-loss", conditions + ", 5 % loss", true),
            new Comparison("catch-up", "128 B, 1 GB of history (64 MB in a quick run)", List.of(
                Arm.baseline("aeron-replay", CatchUpArm::bare),
                Arm.subject(SUBJECT, CatchUpArm::headrace)),
                List.of(Metric.more("caught up", "M events/s", new Goal(SUBJECT, "aeron-replay", CATCH_UP_LIMIT)))),
            new Comparison("live-flow", "128 B, " + settings.rate(10_000) + "/s at the leader, with as much history as"
                + " a replica needs for longer than that", List.of(
                Arm.baseline("calm", run -> CatchUpArm.live(run, false)),
                Arm.subject("replica-catches-up", run -> CatchUpArm.live(run, true))),
                List.of(
                    Metric.less("response p50", "µs"),
                    Metric.less("response p99", "µs", new Goal("replica-catches-up", "calm", LIVE_LIMIT)))),
            new Comparison("idle", "eco, an event log and one replica", List.of(
                Arm.baseline("sleeping-jvm", run -> IdleCpu.measure(run, Double.MAX_VALUE)),
                Arm.subject("leader", CatchUpArm::idle)),
                List.of(Metric.less(IdleCpu.METRIC, "% of a core"))));
    }

    private static Comparison replica(final String name, final String conditions, final boolean lossy) {
        final Goal[] latency = lossy ? new Goal[0] : new Goal[] {new Goal(SUBJECT, BARE, REPLICA_LIMIT)};
        final Goal[] burst = lossy ? new Goal[0] : new Goal[] {new Goal(SUBJECT, BARE, 1 / REPLICA_LIMIT)};
        return new Comparison(name, conditions, List.of(
            Arm.baseline(BARE, run -> FollowArm.measure(run, true, lossy)),
            Arm.subject(SUBJECT, run -> FollowArm.measure(run, false, lossy))),
            List.of(
                Metric.less("response p50", "µs", latency),
                Metric.less("response p99", "µs"),
                Metric.more("burst", "M events/s", burst)));
    }

    private static Comparison remote(final String name, final String conditions, final boolean ipc) {
        return new Comparison(name, conditions, List.of(
            Arm.baseline(BARE, run -> RemoteArm.measureBare(run, ipc)),
            Arm.subject(SUBJECT, run -> RemoteArm.measure(run, ipc, false)),
            Arm.subject(THREADED, run -> RemoteArm.measure(run, ipc, true))),
            List.of(
                Metric.less("response p50", "µs", new Goal(SUBJECT, BARE, REMOTE_LIMIT),
                    new Goal(THREADED, BARE, REMOTE_LIMIT)),
                Metric.less("response p99", "µs"),
                Metric.more("burst", "M events/s")));
    }
}
