package io.headrace.perf.link;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S8: what the way to another process costs. */
public final class LinkScenario implements Scenario {
    private static final String BARE = "aeron";
    private static final String SUBJECT = "headrace";
    private static final double REMOTE_LIMIT = 2;
    private static final double REPLICA_LIMIT = 1.3;

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
            replica("replica-udp-loss", conditions + ", 5 % loss", true));
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
            Arm.baseline(BARE, run -> RemoteArm.measure(run, true, ipc)),
            Arm.subject(SUBJECT, run -> RemoteArm.measure(run, false, ipc))),
            List.of(
                Metric.less("response p50", "µs", new Goal(SUBJECT, BARE, REMOTE_LIMIT)),
                Metric.less("response p99", "µs"),
                Metric.more("burst", "M events/s")));
    }
}
