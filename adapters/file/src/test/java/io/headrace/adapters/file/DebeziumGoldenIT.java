package io.headrace.adapters.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Debezium itself, our source with file sinks, and the golden files, all for the same changes of a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebeziumGoldenIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Map<String, List<String>> debezium = new HashMap<>();
    private final Map<String, List<String>> headrace = new HashMap<>();
    private EmbeddedPostgres postgres;

    @BeforeAll
    void runBoth(@TempDir final Path folder) throws Exception {
        postgres = EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .start();
        execute(GoldenScript.TABLES);
        execute(GoldenScript.SNAPSHOT_ROWS);
        final Map<String, DebeziumRun> runs = new HashMap<>();
        try (PostgresToFiles ours = new PostgresToFiles(postgres.getPort(), folder)) {
            GoldenFiles.SETTINGS.forEach((name, settings) ->
                runs.put(name, new DebeziumRun(postgres.getPort(), "debezium_" + name, settings)));
            await().atMost(TIMEOUT).until(() -> runs.values().stream()
                .allMatch(run -> run.values().size() >= GoldenScript.SNAPSHOT_ROW_COUNT));
            await().atMost(TIMEOUT).until(() -> ours.lines("strings").size() >= GoldenScript.SNAPSHOT_ROW_COUNT);
            execute(GoldenScript.CHANGES);
            await().atMost(TIMEOUT).until(() -> runs.values().stream().allMatch(run -> run.values().stream()
                .anyMatch(value -> value.contains(GoldenScript.LAST_TEXT))));
            for (final Map.Entry<String, DebeziumRun> run : runs.entrySet()) {
                debezium.put(run.getKey(), List.copyOf(run.getValue().values()));
                await().atMost(TIMEOUT).until(() -> ours.lines(run.getKey()).stream()
                    .anyMatch(line -> line.contains(GoldenScript.LAST_TEXT)));
                headrace.put(run.getKey(), ours.lines(run.getKey()));
            }
        } finally {
            for (final DebeziumRun run : runs.values()) {
                run.close();
            }
        }
        if (Boolean.getBoolean("golden.regenerate")) {
            for (final Map.Entry<String, List<String>> written : debezium.entrySet()) {
                GoldenFiles.write(written.getKey(), written.getValue());
            }
        }
    }

    @AfterAll
    void stopPostgres() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "strings"})
    void shouldStillWriteWhatTheGoldenFilesHold(final String name) throws Exception {
        final List<JsonNode> golden = GoldenFiles.read(name);
        final List<JsonNode> written = GoldenFiles.parse(debezium.get(name));

        final List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.min(golden.size(), written.size()); i++) {
            differences.addAll(GoldenFiles.differences(
                "line " + (i + 1), GoldenFiles.withoutRun(golden.get(i)), GoldenFiles.withoutRun(written.get(i))));
        }
        assertEquals("", String.join("\n", differences));
        assertEquals(golden.size(), written.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"defaults", "strings"})
    void shouldWriteWhatDebeziumWrites(final String name) throws Exception {
        final List<JsonNode> theirs = GoldenFiles.inComparableOrder(GoldenFiles.parse(debezium.get(name)));
        final List<JsonNode> ours = GoldenFiles.inComparableOrder(GoldenFiles.parse(headrace.get(name)));

        final List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
            differences.addAll(GoldenFiles.differences(
                "event " + i,
                GoldenFiles.withoutDifferences(theirs.get(i)),
                GoldenFiles.withoutDifferences(ours.get(i))));
        }
        assertEquals("", String.join("\n", differences));
        assertEquals(theirs.size(), ours.size());
    }

    private void execute(final List<String> statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
            for (final String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
