package io.headrace.perf.growth;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;
import io.headrace.perf.ring.ThroughputRun;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** S13: how cost grows. The smallest step of each comparison is its baseline, so each ratio is what growth costs. */
public final class GrowthScenario implements Scenario {
    private static final int RATE = 1000;
    /** At which the threads of all subscriptions can be woken for each event, also on a machine with two cores. */
    private static final int FAN_OUT_RATE = 200;
    private static final int DEFAULT_PAYLOAD_BYTES = 32;
    private static final List<Integer> SUBSCRIPTIONS = List.of(1, 4, 16, 64);
    private static final List<Integer> TOPICS = List.of(1, 100, 10_000);
    private static final List<Integer> PAYLOADS_BYTES = List.of(32, 1 << 10, 8 << 10, 64 << 10);
    private static final List<Long> LOG_MEGABYTES = List.of(1000L, 5000L, 20_000L);
    private static final List<Long> QUICK_LOG_MEGABYTES = List.of(100L, 300L, 1000L);
    private static final long MEGABYTE = 1_000_000;

    @Override
    public String id() {
        return "S13";
    }

    @Override
    public String question() {
        return "How does cost grow with the number of subscriptions, the number of topics, the length of payloads and "
            + "the size of the event log?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final String waiting = settings.wait("eco");
        return List.of(
            new Comparison("subscriptions",
                settings.rate(FAN_OUT_RATE) + "/s, " + waiting + ", " + settings.payload(DEFAULT_PAYLOAD_BYTES) + " B",
                arms(SUBSCRIPTIONS, count -> Integer.toString(count),
                    count -> run -> SubscriptionArm.measure(run, count, settings.rate(FAN_OUT_RATE))),
                List.of(Metric.less("response p50", "µs"), Metric.less("response p99", "µs"),
                    Metric.less("publish mean", "µs"))),
            topics("topic patterns", "one subscription of all topics by one pattern", TopicArm::byPattern),
            topics("topic names", "all topics by their names", TopicArm::byName),
            new Comparison("payload volume", "one publisher, one buffered subscription, " + settings.wait("yield"),
                arms(PAYLOADS_BYTES, GrowthScenario::bytes, bytes -> run -> ThroughputRun.buffered(run, bytes)),
                List.of(Metric.more("throughput", "M events/s"), Metric.more("volume", "MB/s"))),
            new Comparison("payload latency", settings.rate(RATE) + "/s, " + waiting,
                arms(PAYLOADS_BYTES, GrowthScenario::bytes, bytes -> run -> OpenLoop.measure(run,
                    (receivers, unused, waitProfile) -> new BufferedPath(receivers, bytes, waitProfile), 1,
                    settings.rate(RATE), settings.seconds(0.5, 10), settings.seconds(1, 20), 0)),
                List.of(Metric.less("response p50", "µs"), Metric.less("response p99", "µs"))),
            new Comparison("log size", LogArm.PAYLOAD_BYTES + " B, sync " + (settings.synced() ? "data" : "none"),
                arms(settings.quick() ? QUICK_LOG_MEGABYTES : LOG_MEGABYTES, megabytes -> megabytes / 1e3 + " GB",
                    megabytes -> run -> LogArm.measure(run, megabytes * MEGABYTE)),
                List.of(Metric.less("restart", "ms"), Metric.less("resident", "MB"), Metric.less("heap", "MB"))));
    }

    private static Comparison topics(
        final String name, final String conditions, final Function<Integer, Arm.Body> body) {
        return new Comparison(name, conditions + ", one thread",
            arms(TOPICS, count -> Integer.toString(count), body), List.of(Metric.less("cost", "ns/event")));
    }

    private static String bytes(final int count) {
        return count < 1 << 10 ? count + " B" : (count >> 10) + " KiB";
    }

    private static <T> List<Arm> arms(
        final List<T> steps, final Function<T, String> name, final Function<T, Arm.Body> body) {
        final List<Arm> arms = new ArrayList<>();
        for (final T step : steps) {
            arms.add(arms.isEmpty() ? Arm.baseline(name.apply(step), body.apply(step))
                : Arm.subject(name.apply(step), body.apply(step)));
        }
        return arms;
    }
}
