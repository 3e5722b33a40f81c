package io.headrace.adapters.cli;

import io.headrace.adapters.cli.report.LiveReport;
import io.headrace.adapters.cli.report.Terminal;
import io.headrace.adapters.cli.report.TextTable;
import io.headrace.adapters.cli.report.Units;
import io.headrace.adapters.demo.DemoListener;
import io.headrace.adapters.demo.DemoResult;
import io.headrace.adapters.demo.DemoResult.FlowResult;
import io.headrace.adapters.demo.DemoResult.KillResult;
import io.headrace.adapters.demo.DemoResult.TableResult;
import io.headrace.adapters.demo.DemoStep;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Shows how the demonstration goes and what it found. Owned by the thread that runs it. */
final class DemoView implements DemoListener {
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);
    private static final String NONE = "-";

    private final Terminal terminal;
    private final boolean plain;
    private final long beganNs = System.nanoTime();
    private LiveReport liveReport;

    DemoView(final Terminal terminal, final boolean plain) {
        this.terminal = terminal;
        this.plain = plain;
    }

    @Override
    public void onStep(final DemoStep step, final String detail) {
        final String line = String.format(Locale.ROOT, "%6.1f s  %s%s", (System.nanoTime() - beganNs) / 1e9,
            step.title(), detail.isEmpty() ? "" : ": " + Units.oneLine(detail));
        if (liveReport == null) {
            terminal.out().println(line);
        } else {
            liveReport.say(line);
        }
    }

    @Override
    public void onLoadStarted(final Supplier<ServiceStatus> status) {
        liveReport = new LiveReport(status, terminal, plain, PLAIN_INTERVAL);
        liveReport.start();
    }

    @Override
    public void onLoadEnded() {
        if (liveReport != null) {
            liveReport.close();
            liveReport = null;
        }
    }

    void show(final DemoResult result) {
        loads(result);
        found(result.replicas().isEmpty() ? "" : "LEADER", result.kills(), result.flows(), result.tables());
        result.replicas().forEach(replica -> found(
            "REPLICA " + replica.name(), replica.kills(), replica.flows(), replica.tables()));
        terminal.out().println();
        if (result.verified()) {
            terminal.out().println("Verified: everything arrived exactly once, and as it was sent"
                + (result.replicas().isEmpty() ? "" : ", at the leader and at " + result.replicas().size()
                + " replicas") + (result.killCount() == 0 ? "." : ", over " + result.killCount() + " kills."));
        } else {
            terminal.out().println("NOT verified:");
            result.allReasons().forEach(reason -> terminal.out().println("  " + Units.oneLine(reason)));
        }
    }

    private void found(
        final String heading, final List<KillResult> kills, final List<FlowResult> flows,
        final List<TableResult> tables) {
        if (!heading.isEmpty()) {
            terminal.out().println("\n" + heading);
        }
        kills(kills);
        flows(flows);
        tables(tables);
        redelivered(flows);
    }

    private void loads(final DemoResult result) {
        final TextTable table = new TextTable(
            "LOAD", ">ASKED", ">REACHED", ">SENT", ">LATE BY P50", ">P99", ">P99.9", ">MAX");
        result.loads().forEach(load -> table.row(load.name(), rate(load.askedPerSecond()),
            rate(load.reachedPerSecond()), Units.count(load.count()),
            Units.latency(load.lateness().p50()), Units.latency(load.lateness().p99()),
            Units.latency(load.lateness().p999()), Units.latency(load.lateness().max())));
        final LatencySummary hiccups = result.hiccups();
        table.row("(machine's hiccups)", "", "", "", Units.latency(hiccups.p50()), Units.latency(hiccups.p99()),
            Units.latency(hiccups.p999()), Units.latency(hiccups.max()));
        print(table);
    }

    private static String rate(final double perSecond) {
        return String.format(Locale.ROOT, "%,.1f/s", perSecond);
    }

    private void kills(final List<KillResult> kills) {
        if (kills.isEmpty()) {
            return;
        }
        final long[] recoveriesNs = kills.stream().map(KillResult::recoveryNs)
            .filter(OptionalLong::isPresent).mapToLong(OptionalLong::getAsLong).sorted().toArray();
        final TextTable table = new TextTable(">KILLS (SIGKILL)", ">RECOVERED", ">AFTER MIN", ">MEDIAN", ">MAX");
        final int count = recoveriesNs.length;
        table.row(Units.count(kills.size()), Units.count(count),
            count == 0 ? NONE : Units.latency(recoveriesNs[0]),
            count == 0 ? NONE : Units.latency(recoveriesNs[count / 2]),
            count == 0 ? NONE : Units.latency(recoveriesNs[count - 1]));
        print(table);
    }

    private void flows(final List<FlowResult> flows) {
        final TextTable table = new TextTable(
            "FLOW", ">PUBLISHED", ">DELIVERED", ">LOST", ">DUPLICATES", "STAGE", ">P50", ">P99", ">P99.9", ">MAX");
        for (final FlowResult flow : flows) {
            boolean first = true;
            for (final Stage stage : Stage.values()) {
                final LatencySummary latency = flow.latency().get(stage);
                final boolean empty = latency == null || latency.count() == 0;
                table.row(
                    first ? flow.name() : "",
                    first ? Units.count(flow.published()) : "",
                    first ? Units.count(flow.delivered()) : "",
                    first ? Units.count(flow.lost()) : "",
                    first ? Units.count(flow.duplicates()) : "",
                    stage.name().toLowerCase(Locale.ROOT),
                    empty ? NONE : Units.latency(latency.p50()),
                    empty ? NONE : Units.latency(latency.p99()),
                    empty ? NONE : Units.latency(latency.p999()),
                    empty ? NONE : Units.latency(latency.max()));
                first = false;
            }
        }
        print(table);
    }

    private void redelivered(final List<FlowResult> flows) {
        flows.stream().filter(flow -> flow.redelivered() > 0).forEach(flow -> terminal.out().println(
            "\n" + flow.name() + ": the receiver dropped " + Units.count(flow.redelivered()) + " messages whose id"
                + " it had seen, as MQTT gives everything at least once; duplicates are counted after that."));
    }

    private void tables(final List<TableResult> tables) {
        final TextTable table = new TextTable("TABLE", ">ROWS IN THE ERP", ">ROWS IN PLANNING", ">DIFFERENCES");
        tables.forEach(compared -> table.row(compared.name(), Units.count(compared.sourceRows()),
            Units.count(compared.targetRows()), Units.count(compared.differences())));
        print(table);
    }

    private void print(final TextTable table) {
        terminal.out().println();
        table.lines().forEach(terminal.out()::println);
    }
}
