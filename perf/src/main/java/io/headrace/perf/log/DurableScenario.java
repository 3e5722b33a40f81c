package io.headrace.perf.log;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Metric.Goal;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S6: what it takes until an event is on the disk; recorded means synced, whatever the run was asked for. */
public final class DurableScenario implements Scenario {
    /** One event after the other, each with a sync of its own, and on Kafka with several. */
    private static final int RATE = 100;
    private static final String BARE = "archive";
    private static final String SUBJECT = "bus";
    private static final String KAFKA = "kafka";

    @Override
    public String id() {
        return "S6";
    }

    @Override
    public String question() {
        return "How long does an event take until it is on the disk, and how many get there a second, beside a bare "
            + "archive and Kafka?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        final Appender.Factory bus = BusAppender.waiting(settings);
        final String conditions =
            LoggedBus.EVENT_BYTES + " B, each on the disk before it counts, bus " + settings.wait("eco");
        return List.of(
            new Comparison("throughput", conditions, List.of(
                Arm.baseline(BARE, run -> RecordArms.throughput(run, true, ArchiveAppender::new)),
                Arm.subject(SUBJECT, run -> RecordArms.throughput(run, true, bus)),
                Arm.peer(KAFKA, run -> RecordArms.throughput(run, true, KafkaAppender::batching))),
                List.of(Metric.more(RecordArms.RECORDED, "M events/s", new Goal(SUBJECT, BARE, 1)))),
            new Comparison("until on the disk", settings.rate(RATE) + "/s, " + conditions,
                List.of(
                    Arm.baseline(BARE, run -> RecordArms.recorded(run, true, RATE, ArchiveAppender::new)),
                    Arm.subject(SUBJECT, run -> RecordArms.recorded(run, true, RATE, bus)),
                    Arm.peer(KAFKA, run -> RecordArms.recorded(run, true, RATE, KafkaAppender::eager))),
                List.of(Metric.less("until recorded p50", "µs", new Goal(SUBJECT, BARE, 1.3)),
                    Metric.less("until recorded p99", "µs"))));
    }
}
