package io.headrace.perf.log;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S7: how fast the event log is read again. */
public final class ReplayScenario implements Scenario {
    /** What Chronicle asks for on Java 17 and newer. */
    private static final List<String> CHRONICLE_OPTIONS = List.of(
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true");

    @Override
    public String id() {
        return "S7";
    }

    @Override
    public String question() {
        return "How fast are recorded events read again, beside the archive's own replay and a tailer of Chronicle "
            + "Queue?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("replay", LoggedBus.EVENT_BYTES + " B", List.of(
            Arm.baseline("archive", ReplayArms::archive),
            Arm.subject("headrace", ReplayArms::headrace),
            Arm.peer("chronicle", ReplayArms::chronicle).withJvmOptions(CHRONICLE_OPTIONS)),
            List.of(Metric.more("read", "M events/s", new Metric.Goal("headrace", "archive", 0.8)))));
    }
}
