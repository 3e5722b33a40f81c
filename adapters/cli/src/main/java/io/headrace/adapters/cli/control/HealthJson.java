package io.headrace.adapters.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ReplicationStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.service.ServiceStatus;

import java.io.IOException;
import java.util.Locale;

/** Whether a service does its work, for a supervisor or a load balancer. Safe for any thread; holds no state. */
final class HealthJson {
    private HealthJson() {
    }

    /** Running, and no part of it down or failed. */
    static boolean isHealthy(final ServiceStatus status) {
        return status.state() == ServiceStatus.State.RUNNING && status.healthy();
    }

    static void write(final ServiceStatus status, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("healthy", isHealthy(status));
        json.writeStringField("state", lower(status.state()));
        json.writeArrayFieldStart("parts");
        if (status.log().isPresent()) {
            final LogStatus log = status.log().get();
            write("log", log.log().folder().toString(), log.health(), log.reason(), json);
        }
        if (!ReplicationStatus.ALONE.equals(status.replication())) {
            final ReplicationStatus replication = status.replication();
            write("replication", replication.state(), replication.health(), replication.reason(), json);
        }
        for (final SourceStatus source : status.sources()) {
            write("source", source.name(), source.health(), source.reason(), json);
        }
        for (final FlowStatus flow : status.flows()) {
            write("flow", flow.subscription().name(), flow.subscription().health(), flow.subscription().reason(), json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(
        final String kind, final String name, final Health.State health, final String reason,
        final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", kind);
        json.writeStringField("name", name);
        json.writeStringField("health", lower(health));
        json.writeStringField("reason", reason);
        json.writeEndObject();
    }

    private static String lower(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
