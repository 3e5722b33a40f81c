package io.headrace.adapters.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.adapters.demo.DemoOptions.Replicas;
import io.headrace.adapters.demo.DemoResult.FlowResult;
import io.headrace.adapters.demo.DemoResult.TableResult;
import io.headrace.adapters.jdbc.JdbcSinkOptions;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The whole demonstration in this process, with its real servers. */
@Timeout(300)
class DemoIT {
    private static final Demo.Tampering UNTOUCHED = (servers, kept) -> { };

    @TempDir
    private Path folder;
    private final Set<DemoStep> steps = EnumSet.noneOf(DemoStep.class);
    private final List<String> loadEvents = new ArrayList<>();

    private Runnable onLoadStarted = () -> { };

    private final DemoListener listener = new DemoListener() {
        @Override
        public void onStep(final DemoStep step, final String detail) {
            steps.add(step);
        }

        @Override
        public void onLoadStarted(final Supplier<ServiceStatus> status) {
            assertEquals(DemoConfiguration.FLOWS.size(), status.get().flows().size());
            loadEvents.add("started");
            onLoadStarted.run();
        }

        @Override
        public void onLoadEnded() {
            loadEvents.add("ended");
        }
    };

    private DemoOptions options(final Duration duration) {
        return new DemoOptions(duration, 60, 150, 10, 3, Optional.of(folder.resolve("report/F.json")),
            Optional.of(folder.resolve("kept")), Optional.empty(), Replicas.NONE);
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report/F.json").toFile());
    }

    private static FlowResult flow(final DemoResult result, final String name) {
        return result.flows().stream().filter(flow -> flow.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void shouldVerifyThatEverythingArrivedOnceAndReportIt() throws Exception {
        final DemoResult result = new Demo(options(Duration.ofSeconds(3)), listener, UNTOUCHED).run();
        assertEquals(List.of(), result.reasons());
        assertEquals(EnumSet.allOf(DemoStep.class), steps);
        assertEquals(List.of("started", "ended"), loadEvents);
        assertEquals(DemoConfiguration.FLOWS, result.flows().stream().map(FlowResult::name).toList());
        assertTrue(flow(result, DemoConfiguration.PLANNING).published() > Erp.INITIAL_ROWS);
        result.loads().forEach(load -> assertTrue(load.count() > 0, load.toString()));

        final JsonNode report = report();
        assertTrue(report.get("verified").asBoolean());
        assertEquals(Erp.INITIAL_ROWS, report.get("snapshotRows").asInt());
        assertTrue(report.get("environment").get("erp").asText().startsWith("PostgreSQL 18"), report.toString());
        assertTrue(report.get("hiccupsNs").get("count").asLong() > 0);
        assertEquals(Erp.TABLES.size(), report.get("tables").size());
        for (final JsonNode flow : report.get("flows")) {
            assertTrue(flow.get("published").asLong() > 0, flow.toString());
            assertEquals(flow.get("published"), flow.get("delivered"), flow.toString());
            assertEquals(0, flow.get("lost").asLong(), flow.toString());
            assertEquals(0, flow.get("duplicates").asLong(), flow.toString());
            for (final Stage stage : Stage.values()) {
                final JsonNode latency = flow.get("latencyNs").get(stage.name().toLowerCase(java.util.Locale.ROOT));
                assertTrue(latency.get("count").asLong() > 0, flow.toString());
                assertTrue(latency.get("p50").asLong() <= latency.get("max").asLong(), flow.toString());
            }
        }
        // What is kept can be looked at, and loaded again.
        final Path kept = folder.resolve("kept");
        assertEquals(DemoConfiguration.FLOWS.size(),
            DemoConfiguration.load(kept.resolve("headrace.yaml")).sinks().size());
        try (Stream<Path> files = Files.list(kept)) {
            assertEquals(
                Set.of("headrace.yaml", DemoConfiguration.LOG, DemoConfiguration.READINGS, DemoConfiguration.AUDIT),
                files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
        assertThrows(DemoException.class, () -> new Demo(options(Duration.ofSeconds(1)), listener, UNTOUCHED).run(),
            "a folder with files was taken");
    }

    @Test
    void shouldNotVerifyWhatWasTamperedWith() throws Exception {
        final DemoResult result = new Demo(options(Duration.ofSeconds(2)), listener, DemoIT::tamper).run();
        assertFalse(result.verified());
        assertFalse(report().get("verified").asBoolean());

        final Map<String, Long> differences = result.tables().stream()
            .collect(Collectors.toMap(TableResult::name, TableResult::differences));
        assertEquals(Map.of("items", 1L, "stock", 1L, "goods_receipts", 1L, "pickings", 0L, "work_orders", 0L),
            differences);
        final List<String> examples = result.tables().stream().flatMap(table -> table.examples().stream()).toList();
        assertTrue(examples.contains("items id=7: missing"), examples.toString());
        assertTrue(examples.contains("goods_receipts id=-5: too many"), examples.toString());
        assertTrue(examples.stream().anyMatch(
            example -> example.matches("stock item_id=3 location=L2: reserved .* became 77.000, rev .* became -99")),
            examples.toString());

        // The triggers of the copies noted three changes that nobody in the ERP made.
        final FlowResult planning = flow(result, DemoConfiguration.PLANNING);
        assertEquals(3, planning.unexpected() + planning.duplicates(), planning.toString());
        assertEquals(0, planning.lost(), planning.toString());
        assertEquals(1, flow(result, DemoConfiguration.TICKET).duplicates());
        assertEquals(1, flow(result, DemoConfiguration.FLAG).lost());
        assertEquals(1, flow(result, DemoConfiguration.FLAG).duplicates());
        assertEquals(1, flow(result, DemoConfiguration.READINGS).lost());
        assertEquals(2, flow(result, DemoConfiguration.AUDIT).duplicates());
        assertTrue(flow(result, DemoConfiguration.REPLAN).exact());
        assertEquals(8, result.reasons().size(), result.reasons().toString());
    }

    private static void tamper(final DemoServers servers, final Path kept) throws IOException, SQLException {
        servers.planning().execute("""
            UPDATE stock SET reserved = 77, rev = -99 WHERE item_id = 3 AND location = 'L2';
            DELETE FROM items WHERE id = 7;
            INSERT INTO goods_receipts SELECT -5, item_id, location, quantity, supplier, delivery_note, received_at,
                remark, -98 FROM goods_receipts LIMIT 1;
            INSERT INTO maintenance.tickets (fault_id, raised_at, fault)
                SELECT fault_id, raised_at, fault FROM maintenance.tickets LIMIT 1;
            DELETE FROM dispatch.delivery_flags WHERE fault_id = 'fault-2';
            UPDATE dispatch.delivery_flags SET machine = DEFAULT WHERE fault_id = 'fault-3';
            """);
        final Path readings = onlyFile(kept.resolve(DemoConfiguration.READINGS));
        final List<String> lines = Files.readAllLines(readings);
        Files.write(readings, lines.subList(1, lines.size()));
        final Path audit = onlyFile(kept.resolve(DemoConfiguration.AUDIT));
        final List<String> changes = new ArrayList<>(Files.readAllLines(audit));
        changes.addAll(Arrays.asList(changes.get(10), changes.get(changes.size() - 1)));
        Files.write(audit, changes);
    }

    private static Path onlyFile(final Path directory) throws IOException {
        final List<Path> files = Evidence.outputFiles(directory);
        assertEquals(1, files.size(), files.toString());
        return files.get(0);
    }

    @Test
    void shouldNotVerifyWhenAFlowFailsAndLeaveTheOthersAlone() throws Exception {
        onLoadStarted = this::dropColumn;
        // Ends early, as soon as the flow has failed.
        final DemoResult result = new Demo(options(Duration.ofMinutes(5)), listener, UNTOUCHED).run();
        assertFalse(result.verified());
        assertTrue(result.reasons().stream().anyMatch(
            reason -> reason.startsWith("flow maintenance-ticket failed: ")), result.reasons().toString());
        assertEquals(0, flow(result, DemoConfiguration.TICKET).delivered());
        assertTrue(flow(result, DemoConfiguration.TICKET).lost() > 0);
        assertTrue(flow(result, DemoConfiguration.FLAG).exact());
        assertTrue(flow(result, DemoConfiguration.REPLAN).exact());
        assertTrue(flow(result, DemoConfiguration.PLANNING).exact());
    }

    private void dropColumn() {
        final JdbcSinkOptions options;
        try {
            options = DemoConfiguration.load(folder.resolve("kept/headrace.yaml")).sinks().stream()
                .filter(sink -> sink.name().equals(DemoConfiguration.TICKET))
                .map(sink -> (JdbcSinkOptions)sink.options()).findFirst().orElseThrow();
        } catch (final ConfigurationException e) {
            throw new AssertionError(e);
        }
        try (Connection connection = DriverManager.getConnection(options.url(), options.user().orElseThrow(), "");
            Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE maintenance.tickets DROP COLUMN raised_at");
        } catch (final SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldNotBeginWhenItWasStoppedBefore() {
        final Demo demo = new Demo(DemoOptions.of(Duration.ofSeconds(1)), listener, UNTOUCHED);
        demo.requestStop();
        assertThrows(DemoException.class, demo::run);
        assertTrue(steps.contains(DemoStep.CLEANUP));
        assertFalse(steps.contains(DemoStep.LOAD));
    }

    @Test
    void shouldRefuseRatesAndDurationsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> DemoOptions.of(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> DemoOptions.of(Duration.ofDays(1)));
        assertThrows(IllegalArgumentException.class, () -> new DemoOptions(
            Duration.ofSeconds(1), 0, 1, 1, 1, Optional.empty(), Optional.empty(), Optional.empty(), Replicas.NONE));
        assertThrows(IllegalArgumentException.class, () -> new DemoOptions(
            Duration.ofSeconds(2), 1, 1, 1, 1, Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(3)),
            Replicas.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Replicas(9, 0));
        assertThrows(IllegalArgumentException.class, () -> new Replicas(1, 51));
        assertThrows(IllegalArgumentException.class, () -> new Replicas(1, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Replicas(0, 5), "loss without a network");
    }
}
