package io.headrace.adapters.file;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Debezium's own embedded engine with its PostgreSQL connector; keeps what it writes, tombstones left out. */
final class DebeziumRun implements AutoCloseable {
    private final List<String> values = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final DebeziumEngine<ChangeEvent<String, String>> engine;

    DebeziumRun(final int port, final String slotName, final Map<String, String> settings) {
        final Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
            Map.entry("name", slotName),
            Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
            Map.entry("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore"),
            Map.entry("database.hostname", "127.0.0.1"),
            Map.entry("database.port", Integer.toString(port)),
            Map.entry("database.user", "postgres"),
            Map.entry("database.password", "postgres"),
            Map.entry("database.dbname", "postgres"),
            Map.entry("topic.prefix", "erp"),
            // Two engines of one process would otherwise fight over one name for their metrics, for a minute.
            Map.entry("custom.metric.tags", "run=" + slotName),
            Map.entry("plugin.name", "pgoutput"),
            Map.entry("publication.name", GoldenScript.PUBLICATION),
            Map.entry("slot.name", slotName),
            Map.entry("poll.interval.ms", "10"),
            // Not the heartbeats that our own source writes to the same database.
            Map.entry("message.prefix.include.list", "outbox"),
            // Debezium leaves truncates out unless told otherwise.
            Map.entry("skipped.operations", "none"),
            Map.entry("key.converter.schemas.enable", "false"),
            Map.entry("value.converter.schemas.enable", "false")));
        properties.putAll(settings);
        engine = DebeziumEngine.create(Json.class)
            .using(properties)
            .using((final boolean success, final String message, final Throwable error) -> {
                if (!success) {
                    failure.set(error == null ? new IllegalStateException(message) : error);
                }
            })
            .notifying(event -> {
                if (event.value() != null) {
                    values.add(event.value());
                }
            })
            .build();
        executor.execute(engine);
    }

    /** What it has written until now. */
    List<String> values() {
        if (failure.get() != null) {
            throw new IllegalStateException("Debezium's engine failed", failure.get());
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        engine.close();
        executor.shutdownNow();
    }
}
