package io.headrace.perf.log;

import io.headrace.perf.log.ReplayArm.Arm;
import io.headrace.perf.report.Arguments;
import io.headrace.perf.rig.HiccupMeter;
import io.headrace.perf.report.Ratios;
import io.headrace.perf.report.Report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast the log is read again: Headrace's reader, which checks every checksum, beside the archive's replay of the
 * same recording and a Chronicle Queue tailer that reads the same events. Each arm in a fresh JVM, interleaved, with
 * the archive's replay run twice as the control.
 *
 * <p>Arguments: {@code --pairs 5 --events 4000000 --report FILE}.
 */
public final class ReplayComparison {
    /** What Chronicle asks for on Java 17 and newer. */
    private static final List<String> CHRONICLE_OPTIONS = List.of(
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
        "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true");

    private ReplayComparison() {
    }

    /**
     * Runs the comparison.
     *
     * @param args as described above.
     * @throws Exception when an arm fails.
     */
    public static void main(final String[] args) throws Exception {
        final Arguments arguments = new Arguments(args, "pairs", "events", "report");
        final String events = Integer.toString(arguments.number("events", 4_000_000));
        final Path folder = Files.createTempDirectory("headrace-replay");
        final Report report = new Report("How fast is the event log read again?", args);
        final Map<String, List<Double>> values = new LinkedHashMap<>();
        try (HiccupMeter hiccups = new HiccupMeter()) {
            Child.run(CHRONICLE_OPTIONS, ReplayArm.class, Arm.PREPARE.name(), events, folder.toString());
            for (int pair = 0; pair < arguments.number("pairs", 5); pair++) {
                final List<Arm> arms = new ArrayList<>(List.of(Arm.HEADRACE, Arm.ARCHIVE, Arm.CHRONICLE));
                if (pair % 2 == 1) {
                    Collections.reverse(arms);
                }
                for (final Arm arm : arms) {
                    run(arm, arm.name(), events, folder, values);
                }
                run(Arm.ARCHIVE, "CONTROL", events, folder, values);
            }
            report.put("hiccupsNs", hiccups.figures()).put("perSecond", values);
        } finally {
            LoggedBus.delete(folder);
        }
        report.finish(List.of(
            Ratios.of("headrace / archive replay", "goal: at least 0.8",
                values.get(Arm.HEADRACE.name()), values.get(Arm.ARCHIVE.name())),
            Ratios.of("control / archive replay", "", values.get("CONTROL"), values.get(Arm.ARCHIVE.name())),
            Ratios.of("headrace / chronicle tailer", "",
                values.get(Arm.HEADRACE.name()), values.get(Arm.CHRONICLE.name()))), arguments.text("report", ""));
    }

    private static void run(
        final Arm arm, final String name, final String events, final Path folder,
        final Map<String, List<Double>> values) throws Exception {
        final double perSecond = Child.run(
            CHRONICLE_OPTIONS, ReplayArm.class, arm.name(), events, folder.toString()).get("perSecond");
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(perSecond);
        System.out.printf(Locale.ROOT, "%-10s %.2f M/s%n", name, perSecond / 1e6);
    }
}
