package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.FlowResult;
import io.headrace.adapters.demo.DemoResult.TableResult;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares the targets with what the loads know to have been taken, flow by flow, and says what does not match. Owned
 * by the thread that compares, after everything has stopped.
 */
final class Verification {
    private final List<String> reasons = new ArrayList<>();
    private final List<FlowResult> flows = new ArrayList<>();
    private final List<TableResult> tables = new ArrayList<>();
    private final Map<String, Map<Stage, LatencySummary>> latencies;

    /**
     * Begins with nothing compared.
     *
     * @param latencies of each flow, which are only passed on.
     */
    Verification(final Map<String, Map<Stage, LatencySummary>> latencies) {
        this.latencies = latencies;
    }

    /** Compares everything that one service was to bring to its targets. */
    void compare(final Targets targets, final PostgresServer erp, final PostgresServer planning)
        throws SQLException, IOException {
        for (final String flow : DemoConfiguration.FLOWS) {
            flow(flow, targets);
        }
        for (final Erp.Table table : Erp.TABLES) {
            table(TableComparison.compare(table, erp, planning));
        }
    }

    private void flow(final String name, final Targets targets) throws SQLException, IOException {
        final IdentityCheck check = targets.evidence(name).check();
        final FlowResult flow = new FlowResult(name, check.published(), check.delivered(), check.lost(),
            check.duplicates(), targets.redelivered(name), check.unexpected(), check.differing(),
            latencies.getOrDefault(name, Map.of()));
        flows.add(flow);
        if (!flow.exact()) {
            reasons.add("flow " + name + ": " + flow.lost() + " lost, " + flow.duplicates() + " duplicates, "
                + flow.unexpected() + " unexpected, " + flow.differing() + " differing of " + flow.published());
        }
        if (flow.published() == 0) {
            // Nothing was lost of nothing: that proves nothing.
            reasons.add("flow " + name + ": nothing was published");
        }
    }

    private void table(final TableResult table) {
        tables.add(table);
        if (table.differences() > 0) {
            reasons.add("table " + table.name() + ": " + table.differences() + " rows differ, as "
                + String.join("; ", table.examples()));
        }
    }

    /** Adds what went wrong besides. */
    void reason(final String reason) {
        reasons.add(reason);
    }

    List<String> reasons() {
        return List.copyOf(reasons);
    }

    List<FlowResult> flows() {
        return List.copyOf(flows);
    }

    List<TableResult> tables() {
        return List.copyOf(tables);
    }
}
