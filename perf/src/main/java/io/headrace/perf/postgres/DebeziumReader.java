package io.headrace.perf.postgres;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The engine's threads: Debezium's embedded engine with its PostgreSQL connector. It hands records over as they are,
 * without turning them into JSON, and keeps its offsets in memory, which is its best case.
 */
final class DebeziumReader implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final RowReceiver receiver;
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private volatile String failure;

    DebeziumReader(final int port, final String name, final String pollIntervalMs, final RowReceiver receiver) {
        this.receiver = receiver;
        final Properties properties = new Properties();
        properties.setProperty("name", name);
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("database.hostname", "127.0.0.1");
        properties.setProperty("database.port", Integer.toString(port));
        properties.setProperty("database.user", MeasuredServer.USER);
        properties.setProperty("database.password", MeasuredServer.PASSWORD);
        properties.setProperty("database.dbname", MeasuredServer.DATABASE);
        properties.setProperty("topic.prefix", "erp");
        properties.setProperty("custom.metric.tags", "run=" + name);
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("publication.name", name);
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("slot.name", name);
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("table.include.list", "public." + name);
        if (pollIntervalMs != null) {
            properties.setProperty("poll.interval.ms", pollIntervalMs);
        }
        engine = DebeziumEngine.create(Connect.class)
            .using(properties)
            .using((final boolean success, final String message, final Throwable error) -> {
                if (!success) {
                    failure = message + ": " + error;
                    System.err.println("Debezium's engine failed: " + failure);
                }
            })
            .notifying(this::onRecord)
            .build();
        executor.execute(engine);
    }

    private void onRecord(final ChangeEvent<SourceRecord, SourceRecord> event) {
        final long receivedNs = System.nanoTime();
        final SourceRecord sourceRecord = event.value();
        if (sourceRecord != null && sourceRecord.value() instanceof final Struct envelope) {
            receiver.onRow(receivedNs, envelope.getStruct("after").getInt64("id"));
        }
    }

    @Override
    public void close() throws IOException {
        engine.close();
        executor.shutdown();
        if (!terminated() || failure != null) {
            throw new IllegalStateException("Debezium's engine did not stop well: " + failure);
        }
    }

    private boolean terminated() {
        try {
            return executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
