package io.headrace.perf.fanout;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S2: how long an event takes to three subscribers, at a given rate, and up to which rate. */
public final class FanoutScenario implements Scenario {
    private static final int RECEIVERS = 3;
    private static final int RATE = 10_000;

    @Override
    public String id() {
        return "S2";
    }

    @Override
    public String question() {
        return "How long does an event take to three subscribers at a given rate, and which rate is held, beside the "
            + "bare Disruptor, Vert.x, Guava's AsyncEventBus and Reactor?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final List<Arm> arms = List.of(
            Arm.baseline("disruptor", run -> measure(run, DisruptorPath::new)),
            Arm.subject("bus", run -> measure(run, BusPath::new)),
            Arm.peer("vertx", run -> measure(run, (r, bytes, waiting) -> new VertxPath(r, bytes))),
            Arm.peer("guava", run -> measure(run, (r, bytes, waiting) -> new GuavaPath(r, bytes))),
            Arm.peer("reactor", run -> measure(run, (r, bytes, waiting) -> new ReactorPath(r, bytes))));
        return List.of(new Comparison("fan-out 1 to 3",
            settings.rate(RATE) + "/s, " + settings.payload(32) + " B, " + settings.wait("eco"), arms,
            List.of(Metric.less("response p50", "µs"), Metric.less("response p99", "µs"),
                Metric.less("service p50", "µs"), Metric.more("saturation", "events/s"))));
    }

    /** In a quick run only the first pair climbs the ladder. */
    private static void measure(final ArmRun run, final EventPath.Factory factory) throws Exception {
        final Settings settings = run.settings();
        final double ladderSeconds = settings.quick() ? run.pair() == 1 ? 0.25 : 0 : 2;
        OpenLoop.measure(run, factory, RECEIVERS, settings.rate(RATE),
            settings.seconds(0.5, 10), settings.seconds(1, 20), ladderSeconds);
    }
}
