package io.headrace.adapters.cli.report;

import io.headrace.adapters.cli.report.StatusLine.Attention;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Shows a service as tables: sources with their rates, flows with their latencies. Safe for any thread; no state. */
public final class StatusTable {
    private static final int LINES_OF_ONE_FLOW = Stage.values().length;
    private static final String NONE = "-";

    private StatusTable() {
    }

    /**
     * A service since its start.
     *
     * @param status of the service.
     * @return the lines.
     */
    public static List<String> lines(final ServiceStatus status) {
        return lines(status, StatusChange.sinceStart(status), Integer.MAX_VALUE).stream()
            .map(StatusLine::text).toList();
    }

    /**
     * A service between two looks at it.
     *
     * @param status   as it is now.
     * @param change   since the last look.
     * @param maxLines how many lines there is room for.
     * @return at most that many lines; what does not fit is told in the last one.
     */
    static List<StatusLine> lines(final ServiceStatus status, final StatusChange change, final int maxLines) {
        final List<StatusLine> lines = new ArrayList<>();
        lines.add(new StatusLine(title(status), Attention.HEADING));
        lines.addAll(ReplicationTable.lines(status.replication()));
        status.log().ifPresent(log -> addLog(log, lines));
        addSources(status, change, lines);
        final boolean allStages = lines.size() + 2 + LINES_OF_ONE_FLOW * status.flows().size() <= maxLines;
        addFlows(status, change, allStages ? EnumSet.allOf(Stage.class) : EnumSet.of(Stage.TOTAL), lines);
        if (lines.size() <= maxLines) {
            return lines;
        }
        final int shown = Math.max(0, maxLines - 1);
        final List<StatusLine> cut = new ArrayList<>(lines.subList(0, shown));
        cut.add(new StatusLine("(" + (lines.size() - shown) + " more lines: headrace status)", Attention.PLAIN));
        return cut;
    }

    private static String title(final ServiceStatus status) {
        return "headrace " + status.name() + "  " + name(status.state()) + "  up " + Units.uptime(status.uptime());
    }

    private static void addLog(final LogStatus status, final List<StatusLine> lines) {
        final LogDescription log = status.log();
        final TextTable table = new TextTable("LOG", ">RECORDED", ">LAG", ">SIZE", ">SEGMENTS", ">EPOCH", "HEALTH");
        table.row(log.folder().toString(), Units.count(status.recordedSequence()), Units.count(status.lagSlots()),
            Units.bytes(log.endPosition() - log.startPosition()), Units.count(log.segmentCount()),
            Units.count(log.epoch()), name(status.health()));
        final List<String> text = table.lines();
        lines.add(new StatusLine("", Attention.PLAIN));
        lines.add(new StatusLine(text.get(0), Attention.HEADING));
        lines.add(new StatusLine(text.get(1), attention(status.health())));
        addReason(status.health(), status.reason(), lines);
    }

    private static void addSources(
        final ServiceStatus status, final StatusChange change, final List<StatusLine> lines) {
        if (status.sources().isEmpty()) {
            return;
        }
        final TextTable table = new TextTable("SOURCE", "TYPE", ">RATE", ">BYTES", ">EVENTS", ">WAITS", "HEALTH");
        for (final SourceStatus source : status.sources()) {
            table.row(source.name(), source.type(),
                change.published(source), Units.bytes(source.publishedBytes()),
                Units.count(source.publishedEvents()), Units.count(source.backPressured()), name(source.health()));
        }
        final List<String> text = table.lines();
        lines.add(new StatusLine("", Attention.PLAIN));
        lines.add(new StatusLine(text.get(0), Attention.HEADING));
        for (int i = 0; i < status.sources().size(); i++) {
            final SourceStatus source = status.sources().get(i);
            lines.add(new StatusLine(text.get(i + 1), attention(source.health())));
            addReason(source.health(), source.reason(), lines);
        }
    }

    private static void addFlows(
        final ServiceStatus status, final StatusChange change, final Set<Stage> stages,
        final List<StatusLine> lines) {
        if (status.flows().isEmpty()) {
            return;
        }
        final TextTable table = new TextTable(
            "FLOW", ">RATE", ">LAG", ">EVENTS", ">DROPPED", "HEALTH", "STAGE", ">P50", ">P99", ">P99.9", ">MAX");
        for (final FlowStatus flow : status.flows()) {
            addFlow(flow, change, stages, table);
        }
        final List<String> text = table.lines();
        lines.add(new StatusLine("", Attention.PLAIN));
        lines.add(new StatusLine(text.get(0), Attention.HEADING));
        int next = 1;
        for (final FlowStatus flow : status.flows()) {
            final Health.State health = flow.subscription().health();
            for (int i = 0; i < stages.size(); i++) {
                lines.add(new StatusLine(text.get(next++), attention(health)));
            }
            addReason(health, flow.subscription().reason(), lines);
            missedObjectives(flow).forEach(missed -> lines.add(new StatusLine("  " + missed, Attention.WARNING)));
        }
    }

    /** The objectives that the last full second did not meet, each in a few words. */
    static List<String> missedObjectives(final FlowStatus flow) {
        return flow.objectives().stream().filter(objective -> !objective.met())
            .map(objective -> name(objective.stage()) + " misses its objective: p99 " +
                Units.latency(objective.observedNs()) + ", meant to be at most " + Units.latency(objective.limitNs()))
            .toList();
    }

    private static void addFlow(
        final FlowStatus flow, final StatusChange change, final Set<Stage> stages, final TextTable table) {
        final SubscriptionStatus subscription = flow.subscription();
        final Map<Stage, LatencySummary> latencies = change.latencies(flow);
        boolean first = true;
        for (final Stage stage : stages) {
            final LatencySummary latency = latencies.get(stage);
            final boolean empty = latency == null || latency.count() == 0;
            table.row(
                first ? subscription.name() : "",
                first ? change.delivered(subscription) : "",
                first ? Units.count(subscription.lagSlots()) : "",
                first ? Units.count(subscription.delivered()) : "",
                first ? Units.count(subscription.dropped()) : "",
                first ? health(subscription) : "",
                name(stage),
                empty ? NONE : Units.latency(latency.p50()),
                empty ? NONE : Units.latency(latency.p99()),
                empty ? NONE : Units.latency(latency.p999()),
                empty ? NONE : Units.latency(latency.max()));
            first = false;
        }
    }

    /** A flow that has been moved out of the publishers' way, or has stopped, is told beside its health. */
    private static String health(final SubscriptionStatus subscription) {
        return "live".equals(subscription.state()) ? name(subscription.health()) :
            name(subscription.health()) + ", " + subscription.state();
    }

    private static void addReason(final Health.State health, final String reason, final List<StatusLine> lines) {
        if (!reason.isEmpty()) {
            lines.add(new StatusLine("  " + Units.oneLine(reason), attention(health)));
        }
    }

    private static Attention attention(final Health.State health) {
        return switch (health) {
            case DEGRADED -> Attention.WARNING;
            case DOWN, FAILED -> Attention.ALARM;
            default -> Attention.PLAIN;
        };
    }

    static String name(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
