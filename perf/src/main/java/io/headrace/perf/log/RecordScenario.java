package io.headrace.perf.log;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S5: what the event log costs. */
public final class RecordScenario implements Scenario {
    @Override
    public String id() {
        return "S5";
    }

    @Override
    public String question() {
        return "What does recording cost: until an event is recorded beside a bare archive, and to a handler beside "
            + "a bus without a log?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final boolean synced = settings.synced();
        final int rate = RecordArms.defaultRate(synced);
        final Appender.Factory bus = BusAppender.waiting(settings);
        final String conditions =
            LoggedBus.EVENT_BYTES + " B, sync " + (synced ? "data" : "none") + ", bus " + settings.wait("eco");
        return List.of(
            new Comparison("throughput", conditions, List.of(
                Arm.baseline("archive", run -> RecordArms.throughput(run, synced, ArchiveAppender::new)),
                Arm.subject("bus", run -> RecordArms.throughput(run, synced, bus))),
                List.of(Metric.more(RecordArms.RECORDED, "M events/s",
                    new Metric.Goal("bus", "archive", synced ? 1 : 0.8)))),
            new Comparison("until recorded", conditions, List.of(
                Arm.baseline("archive", run -> RecordArms.recorded(run, synced, rate, ArchiveAppender::new)),
                Arm.subject("bus", run -> RecordArms.recorded(run, synced, rate, bus))),
                List.of(synced ? Metric.less("until recorded p50", "µs", new Metric.Goal("bus", "archive", 1.3))
                    : Metric.less("until recorded p50", "µs"), Metric.less("until recorded p99", "µs"))),
            new Comparison("to a handler", conditions, List.of(
                Arm.baseline("without-log", run -> RecordArms.handler(run, false)),
                Arm.subject("with-log", run -> RecordArms.handler(run, true))),
                List.of(Metric.less("response p50", "µs", new Metric.Goal("with-log", "without-log", 1.2)),
                    Metric.less("response p99", "µs"))));
    }
}
