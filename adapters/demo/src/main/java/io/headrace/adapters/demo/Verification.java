package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.FlowResult;
import io.headrace.adapters.demo.DemoResult.TableResult;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;

import java.io.IOException;
import java.nio.file.Path;
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

    /** Compares everything. */
    void compare(
        final DemoServers servers, final DemoLoads loads, final List<String> replans, final Path folder,
        final long seed) throws SQLException, IOException {
        final Map<Long, String> faults = loads.faultPayloads();
        flow(DemoConfiguration.PLANNING, new Evidence(loads.changes()).ledger(servers.planning()));
        flow(DemoConfiguration.TICKET, new Evidence(loads.faults()).tickets(servers.planning(), faults));
        flow(DemoConfiguration.REPLAN, new Evidence(loads.faults()).replans(replans, faults));
        flow(DemoConfiguration.FLAG, new Evidence(loads.faults()).flags(servers.planning(), faults));
        flow(DemoConfiguration.READINGS,
            new Evidence(loads.readings()).readings(folder.resolve(DemoConfiguration.READINGS), seed));
        flow(DemoConfiguration.AUDIT, new Evidence(loads.changes()).audit(folder.resolve(DemoConfiguration.AUDIT)));
        for (final Erp.Table table : Erp.TABLES) {
            table(TableComparison.compare(table, servers.erp(), servers.planning()));
        }
    }

    private void flow(final String name, final Evidence evidence) {
        final IdentityCheck check = evidence.check();
        final FlowResult flow = new FlowResult(name, check.published(), check.delivered(), check.lost(),
            check.duplicates(), check.unexpected(), check.differing(), latencies.get(name));
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
