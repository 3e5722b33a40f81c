package io.headrace.adapters.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.service.ReplicationStatus;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a service stands to other processes as a part of its status in JSON, written and read. Safe for any thread; holds
 * no state.
 */
final class ReplicationJson {
    static final String FIELD = "replication";

    private ReplicationJson() {
    }

    /** Nothing for a service that has nothing to do with others. */
    static void write(final ReplicationStatus status, final JsonGenerator json) throws IOException {
        if (ReplicationStatus.ALONE.equals(status)) {
            return;
        }
        json.writeObjectFieldStart(FIELD);
        json.writeStringField("role", StatusTable.name(status.role()));
        json.writeStringField("state", status.state());
        json.writeStringField("health", StatusTable.name(status.health()));
        json.writeStringField("reason", status.reason());
        if (status.leader().isPresent()) {
            json.writeStringField("leader", status.leader().get());
        }
        json.writeNumberField("leaderSequence", status.leaderSequence());
        json.writeNumberField("lagSlots", status.lagSlots());
        if (status.address().isPresent()) {
            json.writeStringField("address", status.address().get());
        }
        json.writeArrayFieldStart("links");
        for (final LinkStatus link : status.links()) {
            write(link, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(final LinkStatus link, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", link.name());
        json.writeStringField("kind", link.kind());
        json.writeStringField("from", link.from());
        json.writeStringField("state", link.state());
        json.writeNumberField("position", link.position());
        json.writeNumberField("lag", link.lag());
        json.writeNumberField("events", link.eventCount());
        json.writeNumberField("refused", link.refusedCount());
        json.writeEndObject();
    }

    /** Reads what {@link #write} wrote, with all texts and numbers as they were. */
    static ReplicationStatus read(final Object json) {
        if (json == null) {
            return ReplicationStatus.ALONE;
        }
        final Map<?, ?> status = (Map<?, ?>)json;
        return new ReplicationStatus(
            BusRole.valueOf(constant(status, "role")),
            text(status, "state"),
            Health.State.valueOf(constant(status, "health")),
            text(status, "reason"),
            Optional.ofNullable(status.get("leader")).map(Object::toString),
            number(status, "leaderSequence"),
            number(status, "lagSlots"),
            Optional.ofNullable(status.get("address")).map(Object::toString),
            ((List<?>)status.get("links")).stream().map(link -> link((Map<?, ?>)link)).toList());
    }

    private static LinkStatus link(final Map<?, ?> link) {
        return new LinkStatus(text(link, "name"), text(link, "kind"), text(link, "from"), text(link, "state"),
            number(link, "position"), number(link, "lag"), number(link, "events"), number(link, "refused"));
    }

    private static String constant(final Map<?, ?> json, final String name) {
        return text(json, name).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String text(final Map<?, ?> json, final String name) {
        return json.get(name).toString();
    }

    private static long number(final Map<?, ?> json, final String name) {
        return ((Number)json.get(name)).longValue();
    }
}
