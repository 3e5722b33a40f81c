package io.headrace.adapters.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.headrace.adapters.demo.DemoResult.FlowResult;
import io.headrace.adapters.demo.DemoResult.KillResult;
import io.headrace.adapters.demo.DemoResult.LoadResult;
import io.headrace.adapters.demo.DemoResult.ReplicaResult;
import io.headrace.adapters.demo.DemoResult.TableResult;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The result as a JSON file. Owned by the thread that writes it. */
final class DemoReport {
    private final JsonGenerator json;

    private DemoReport(final JsonGenerator json) {
        this.json = json;
    }

    /** Writes the file whole: a reader never sees a part of it. */
    static void write(final DemoResult result, final DemoOptions options, final Path file) throws IOException {
        final Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        final Path part = Files.createTempFile(absolute.getParent(), absolute.getFileName().toString(), ".part");
        try {
            final DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(part))) {
                json.setPrettyPrinter(printer);
                new DemoReport(json).write(result, options);
            }
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void write(final DemoResult result, final DemoOptions options) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("verified", result.verified());
        json.writeArrayFieldStart("reasons");
        for (final String reason : result.allReasons()) {
            json.writeString(reason);
        }
        json.writeEndArray();
        json.writeStringField("startedAt", result.startedAt().toString());
        json.writeStringField("endedAt", result.endedAt().toString());
        json.writeNumberField("durationMs", options.duration().toMillis());
        json.writeNumberField("warmUpMs", options.warmUp().toMillis());
        json.writeNumberField("seed", options.seed());
        json.writeObjectFieldStart("environment");
        for (final Map.Entry<String, String> entry : result.environment().entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("snapshotRows", result.snapshotRows());
        json.writeArrayFieldStart("loads");
        for (final LoadResult load : result.loads()) {
            load(load);
        }
        json.writeEndArray();
        json.writeFieldName("hiccupsNs");
        summary(result.hiccups());
        json.writeNumberField("restarts", result.kills().size());
        if (options.killEvery().isPresent()) {
            json.writeNumberField("killEveryMs", options.killEvery().get().toMillis());
        }
        if (options.replicas().count() > 0) {
            json.writeNumberField("lossPercent", options.replicas().lossPercent());
            json.writeObjectFieldStart("leader");
            verdict(result.reasons(), result.flows());
            json.writeEndObject();
        }
        found(options, result.kills(), result.flows(), result.tables());
        if (options.replicas().count() > 0) {
            json.writeArrayFieldStart("replicas");
            for (final ReplicaResult replica : result.replicas()) {
                replica(replica, options);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void replica(final ReplicaResult replica, final DemoOptions options) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", replica.name());
        verdict(replica.reasons(), replica.flows());
        json.writeNumberField("restarts", replica.kills().size());
        found(options, replica.kills(), replica.flows(), replica.tables());
        json.writeEndObject();
    }

    /** What one service did, in a few fields. */
    private void verdict(final List<String> reasons, final List<FlowResult> flows) throws IOException {
        json.writeBooleanField("verified", reasons.isEmpty());
        json.writeNumberField("published", flows.stream().mapToLong(FlowResult::published).sum());
        json.writeNumberField("delivered", flows.stream().mapToLong(FlowResult::delivered).sum());
        json.writeNumberField("lost", flows.stream().mapToLong(FlowResult::lost).sum());
        json.writeNumberField("duplicates", flows.stream().mapToLong(FlowResult::duplicates).sum());
    }

    private void found(
        final DemoOptions options, final List<KillResult> kills, final List<FlowResult> flows,
        final List<TableResult> tables) throws IOException {
        if (options.killEvery().isPresent()) {
            kills(kills);
        }
        json.writeArrayFieldStart("flows");
        for (final FlowResult flow : flows) {
            flow(flow);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("tables");
        for (final TableResult table : tables) {
            table(table);
        }
        json.writeEndArray();
    }

    private void load(final LoadResult load) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", load.name());
        json.writeNumberField("askedPerSecond", load.askedPerSecond());
        json.writeNumberField("reachedPerSecond", Math.round(load.reachedPerSecond() * 10) / 10.0);
        json.writeNumberField("count", load.count());
        json.writeNumberField("rolledBack", load.rolledBack());
        json.writeFieldName("latenessNs");
        summary(load.lateness());
        json.writeEndObject();
    }

    private void kills(final List<KillResult> kills) throws IOException {
        json.writeArrayFieldStart("kills");
        for (final KillResult kill : kills) {
            json.writeStartObject();
            json.writeNumberField("atMs", TimeUnit.NANOSECONDS.toMillis(kill.atNs()));
            json.writeNumberField("aliveMs", TimeUnit.NANOSECONDS.toMillis(kill.aliveNs()));
            json.writeFieldName("recoveryMs");
            if (kill.recoveryNs().isPresent()) {
                json.writeNumber(TimeUnit.NANOSECONDS.toMillis(kill.recoveryNs().getAsLong()));
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void flow(final FlowResult flow) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", flow.name());
        json.writeNumberField("published", flow.published());
        json.writeNumberField("delivered", flow.delivered());
        json.writeNumberField("lost", flow.lost());
        json.writeNumberField("duplicates", flow.duplicates());
        json.writeNumberField("redelivered", flow.redelivered());
        json.writeNumberField("unexpected", flow.unexpected());
        json.writeNumberField("differing", flow.differing());
        json.writeObjectFieldStart("latencyNs");
        for (final Stage stage : Stage.values()) {
            json.writeFieldName(stage.name().toLowerCase(Locale.ROOT));
            summary(flow.latency().getOrDefault(stage, LatencySummary.EMPTY));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void table(final TableResult table) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", table.name());
        json.writeNumberField("sourceRows", table.sourceRows());
        json.writeNumberField("targetRows", table.targetRows());
        json.writeNumberField("differences", table.differences());
        json.writeArrayFieldStart("examples");
        for (final String example : table.examples()) {
            json.writeString(example);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void summary(final LatencySummary summary) throws IOException {
        json.writeStartObject();
        json.writeNumberField("count", summary.count());
        json.writeNumberField("p50", summary.p50());
        json.writeNumberField("p99", summary.p99());
        json.writeNumberField("p999", summary.p999());
        json.writeNumberField("max", summary.max());
        json.writeEndObject();
    }
}
