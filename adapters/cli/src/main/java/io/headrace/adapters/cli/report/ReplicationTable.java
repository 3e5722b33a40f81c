package io.headrace.adapters.cli.report;

import io.headrace.adapters.cli.report.StatusLine.Attention;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.service.ReplicationStatus;

import java.util.ArrayList;
import java.util.List;

/** Shows how a service stands to other processes, and its links. Safe for any thread; holds no state. */
final class ReplicationTable {
    private static final String NONE = "-";

    private ReplicationTable() {
    }

    /** Nothing for a service that has nothing to do with others. */
    static List<StatusLine> lines(final ReplicationStatus status) {
        final List<StatusLine> lines = new ArrayList<>();
        if (ReplicationStatus.ALONE.equals(status)) {
            return lines;
        }
        final TextTable table = new TextTable("ROLE", "STATE", "LEADER", ">LAG", "LISTENS AT", "HEALTH");
        table.row(StatusTable.name(status.role()), status.state(), status.leader().orElse(NONE),
            status.leader().isEmpty() ? NONE : Units.count(status.lagSlots()), status.address().orElse(NONE),
            StatusTable.name(status.health()));
        add(table, List.of(attention(status.health())), lines);
        if (!status.reason().isEmpty()) {
            lines.add(new StatusLine("  " + Units.oneLine(status.reason()), attention(status.health())));
        }
        if (!status.links().isEmpty()) {
            addLinks(status.links(), lines);
        }
        return lines;
    }

    private static void addLinks(final List<LinkStatus> links, final List<StatusLine> lines) {
        final TextTable table =
            new TextTable("LINK", "KIND", "FROM", "STATE", ">POSITION", ">LAG", ">EVENTS", ">REFUSED");
        links.forEach(link -> table.row(
            Units.oneLine(link.name()), link.kind(), link.from(), link.state(),
            link.position() < 0 ? NONE : Units.count(link.position()), Units.count(link.lag()),
            Units.count(link.eventCount()), Units.count(link.refusedCount())));
        add(table, links.stream().map(link -> Attention.PLAIN).toList(), lines);
    }

    private static void add(final TextTable table, final List<Attention> attentions, final List<StatusLine> lines) {
        final List<String> text = table.lines();
        lines.add(new StatusLine("", Attention.PLAIN));
        lines.add(new StatusLine(text.get(0), Attention.HEADING));
        for (int i = 0; i < attentions.size(); i++) {
            lines.add(new StatusLine(text.get(i + 1), attentions.get(i)));
        }
    }

    private static Attention attention(final Health.State health) {
        return switch (health) {
            case DEGRADED -> Attention.WARNING;
            case DOWN, FAILED -> Attention.ALARM;
            default -> Attention.PLAIN;
        };
    }
}
