package io.headrace.perf.site;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Stateless: what was found about a site, on a terminal. */
final class SiteTable {
    private static final String[] HEADINGS = {"FLOW", "SINK", "OBJECTIVE", "SUSTAINED", "NOT SUSTAINED", "GAVE WAY"};

    private SiteTable() {
    }

    static void print(final SiteResult result, final PrintWriter out) {
        final List<String[]> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (final FlowResult flow : result.flows()) {
            rows.add(new String[] {flow.flow(), flow.type(), flow.objectiveText(),
                flow.heldRate() > 0 ? SiteUnits.rate(flow.heldRate()) : "none",
                flow.failedRate() > 0 ? SiteUnits.rate(flow.failedRate()) : "not reached",
                flow.gaveWay() == null ? "-" : StepJudge.name(flow.gaveWay().stage())});
        }
        out.println();
        for (final String[] row : rows) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                final int column = i;
                final int width = rows.stream().mapToInt(cells -> cells[column].length()).max().orElse(0);
                line.append(row[i]).append(" ".repeat(width - row[i].length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
        out.println();
        for (final FlowResult flow : result.flows()) {
            out.println(flow.flow() + ": " + flow.reason()
                + (flow.gaveWay() == null ? "" : ". " + StepJudge.name(flow.gaveWay().stage()) + " gave way: "
                + flow.gaveWay().why()) + ".");
        }
        final double worstUs = result.hiccupsUs().stream().mapToDouble(SiteResult.StepHiccups::p99).max().orElse(0);
        final double maxUs = result.hiccupsUs().stream().mapToDouble(SiteResult.StepHiccups::max).max().orElse(0);
        out.println("The machine's hiccups: p99 " + SiteUnits.latency((long)(worstUs * 1e3))
            + " on the worst step, max " + SiteUnits.latency((long)(maxUs * 1e3)) + ".");
        if (!result.ended().isEmpty()) {
            out.println("The ladder ended early: " + result.ended() + ".");
        }
    }
}
