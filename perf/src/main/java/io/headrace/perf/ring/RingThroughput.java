package io.headrace.perf.ring;

import io.headrace.perf.ring.ThroughputArm.Arm;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares the ring and the bus with the bare Disruptor: each arm in a fresh JVM, interleaved and turned round from
 * pair to pair, with the baseline run twice as the control. Prints each pair's ratios and their medians.
 *
 * <p>Arguments: the number of pairs (5 unless given) and the number of events of a run (40 million unless given).
 */
public final class RingThroughput {
    private static final double CONTROL_TOLERANCE = 0.05;

    private RingThroughput() {
    }

    /**
     * Runs the comparison.
     *
     * @param args number of pairs, number of events.
     * @throws IOException          when a JVM cannot be started.
     * @throws InterruptedException when interrupted.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        final long events = args.length > 1 ? Long.parseLong(args[1]) : 40_000_000L;
        System.out.printf("java %s, %d cores, %d pairs of %d events of 64 bytes%n",
            Runtime.version(), Runtime.getRuntime().availableProcessors(), pairs, events);
        final Map<Arm, List<Double>> ratios = new EnumMap<>(Arm.class);
        for (int pair = 0; pair < pairs; pair++) {
            runPair(pair, events, ratios);
        }
        ratios.forEach((arm, values) -> {
            final double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf(Locale.ROOT, "%-20s median %.3f  min %.3f  max %.3f%n",
                arm == Arm.DISRUPTOR ? "control (A/A)" : arm + "/" + Arm.DISRUPTOR,
                sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
            if (arm == Arm.DISRUPTOR && Math.abs(sorted[sorted.length / 2] - 1) > CONTROL_TOLERANCE) {
                System.out.println("  the control is off by more than 5 %: this machine is too noisy for a verdict");
            }
        });
    }

    /** The baseline stands in the middle of the arms, and once more at the end as its own control. */
    private static void runPair(final int pair, final long events, final Map<Arm, List<Double>> ratios)
        throws IOException, InterruptedException {
        final Map<Arm, Double> rates = new EnumMap<>(Arm.class);
        final List<Arm> order = new ArrayList<>(Arrays.asList(Arm.RING, Arm.DISRUPTOR, Arm.BUS));
        if (pair % 2 == 1) {
            Collections.reverse(order);
        }
        for (final Arm arm : order) {
            rates.put(arm, run(arm, events));
        }
        final double control = run(Arm.DISRUPTOR, events);
        final double baseline = rates.get(Arm.DISRUPTOR);
        System.out.printf(Locale.ROOT, "pair %d: disruptor %.1f and %.1f M/s, ring %.1f M/s, bus %.1f M/s%n", pair + 1,
            baseline / 1e6, control / 1e6, rates.get(Arm.RING) / 1e6, rates.get(Arm.BUS) / 1e6);
        rates.put(Arm.DISRUPTOR, control);
        rates.forEach((arm, rate) -> ratios.computeIfAbsent(arm, a -> new ArrayList<>()).add(rate / baseline));
    }

    private static double run(final Arm arm, final long events) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ThroughputArm.class.getName(),
            arm.name(), Long.toString(events)));
        final Process process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out = process.inputReader()) {
            String lastLine = "";
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lastLine = line;
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException("arm=" + arm + " failed with exit code " + process.exitValue());
            }
            return Double.parseDouble(lastLine);
        }
    }
}
