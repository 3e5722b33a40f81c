package io.headrace.adapters.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.ObjectiveStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows a service as JSON, latencies in nanoseconds. Safe for any thread; holds no state. */
public final class StatusJson {
    private StatusJson() {
    }

    /**
     * Writes the status of a service.
     *
     * @param status to write.
     * @param json   to write to.
     * @throws IOException as the generator does.
     */
    public static void write(final ServiceStatus status, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", status.name());
        json.writeStringField("startedAt", status.startedAt().toString());
        json.writeNumberField("uptimeNs", status.uptime().toNanos());
        json.writeNumberField("claimedSequence", status.claimedSequence());
        json.writeStringField("state", StatusTable.name(status.state()));
        if (status.log().isPresent()) {
            write(status.log().get(), json);
        }
        ReplicationJson.write(status.replication(), json);
        json.writeArrayFieldStart("sources");
        for (final SourceStatus source : status.sources()) {
            write(source, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("flows");
        for (final FlowStatus flow : status.flows()) {
            write(flow, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(final LogStatus log, final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("log");
        json.writeStringField("folder", log.log().folder().toString());
        json.writeStringField("health", StatusTable.name(log.health()));
        json.writeStringField("reason", log.reason());
        json.writeNumberField("epoch", log.log().epoch());
        json.writeNumberField("recordedSequence", log.recordedSequence());
        json.writeNumberField("lagSlots", log.lagSlots());
        json.writeNumberField("startPosition", log.log().startPosition());
        json.writeNumberField("endPosition", log.log().endPosition());
        json.writeNumberField("segments", log.log().segmentCount());
        json.writeEndObject();
    }

    private static void write(final SourceStatus source, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", source.name());
        json.writeStringField("type", source.type());
        json.writeStringField("health", StatusTable.name(source.health()));
        json.writeStringField("reason", source.reason());
        json.writeNumberField("publishedEvents", source.publishedEvents());
        json.writeNumberField("publishedBytes", source.publishedBytes());
        json.writeNumberField("backPressured", source.backPressured());
        writeCounters(source.counters(), json);
        json.writeEndObject();
    }

    private static void writeCounters(final Map<String, Long> counters, final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("counters");
        for (final Map.Entry<String, Long> counter : counters.entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
        }
        json.writeEndObject();
    }

    private static void write(final FlowStatus flow, final JsonGenerator json) throws IOException {
        final SubscriptionStatus subscription = flow.subscription();
        json.writeStartObject();
        json.writeStringField("name", subscription.name());
        json.writeStringField("type", flow.type());
        json.writeArrayFieldStart("topics");
        for (final String topic : subscription.topics()) {
            json.writeString(topic);
        }
        json.writeEndArray();
        json.writeNumberField("lanes", subscription.lanes());
        json.writeStringField("whenFull",
            subscription.whenFull().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("state", subscription.state());
        json.writeStringField("health", StatusTable.name(subscription.health()));
        json.writeStringField("reason", subscription.reason());
        json.writeNumberField("position", subscription.position());
        json.writeNumberField("lagSlots", subscription.lagSlots());
        json.writeNumberField("delivered", subscription.delivered());
        json.writeNumberField("dropped", subscription.dropped());
        json.writeNumberField("poison", subscription.poison());
        json.writeNumberField("retries", subscription.retries());
        json.writeNumberField("evictions", subscription.evictions());
        json.writeNumberField("rejoins", subscription.rejoins());
        json.writeNumberField("parked", subscription.parked());
        json.writeStringField("breaker", StatusTable.name(subscription.breaker()).replace('_', '-'));
        writeLatencies("intervalLatencyNs", flow.interval(), json);
        writeLatencies("latencyNs", flow.whole(), json);
        writeObjectives(flow.objectives(), json);
        writeCounters(flow.counters(), json);
        json.writeEndObject();
    }

    private static void writeObjectives(
        final List<ObjectiveStatus> objectives, final JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("objectives");
        for (final ObjectiveStatus objective : objectives) {
            json.writeStartObject();
            json.writeStringField("stage", StatusTable.name(objective.stage()));
            json.writeNumberField("limitNs", objective.limitNs());
            json.writeNumberField("observedNs", objective.observedNs());
            json.writeBooleanField("met", objective.met());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeLatencies(
        final String name, final Map<Stage, LatencySummary> latencies, final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        for (final Map.Entry<Stage, LatencySummary> entry : latencies.entrySet()) {
            final LatencySummary latency = entry.getValue();
            json.writeObjectFieldStart(StatusTable.name(entry.getKey()));
            json.writeNumberField("count", latency.count());
            json.writeNumberField("p50", latency.p50());
            json.writeNumberField("p90", latency.p90());
            json.writeNumberField("p99", latency.p99());
            json.writeNumberField("p999", latency.p999());
            json.writeNumberField("max", latency.max());
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
