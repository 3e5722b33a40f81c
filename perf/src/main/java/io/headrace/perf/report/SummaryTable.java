package io.headrace.perf.report;

import io.headrace.perf.rig.RatioSummary;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Stateless: the ratios on a terminal. */
public final class SummaryTable {
    private SummaryTable() {
    }

    /**
     * Prints the ratios.
     *
     * @param summaries to be printed.
     * @param out       of the program.
     */
    public static void print(final List<RatioSummary> summaries, final PrintStream out) {
        out.printf("%-4s %-16s %-13s %-32s %8s %8s %8s %8s  %s%n", "", "comparison", "figure", "ratio", "median",
            "min", "max", "control", "verdict");
        for (final RatioSummary summary : summaries) {
            out.printf(Locale.ROOT, "%-4s %-16s %-13s %-32s %8.3f %8.3f %8.3f %8.3f  %s%n", summary.scenario(),
                summary.comparison(), summary.metric(), summary.arm() + " / " + summary.baseline(),
                summary.ratioMedian(), summary.ratioMin(), summary.ratioMax(), summary.control().median(),
                summary.verdict());
        }
    }
}
