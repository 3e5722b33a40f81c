package io.headrace.adapters.postgres;

import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PostgresSourceOptionsTest {
    @TempDir
    Path folder;

    private PostgresSourceOptions load(final String options) throws ConfigurationException, IOException {
        final Path file = folder.resolve("service.yaml");
        Files.writeString(file, "sources:\n  erp:\n    type: postgres\n    options:\n" + options.indent(6));
        return (PostgresSourceOptions)ConfigurationLoader.load(
            file, Map.of(), AdapterRegistry.of(List.of(new PostgresSourceProvider()), List.of()))
            .configuration().sources().get(0).options();
    }

    @Test
    void shouldNeedOnlyADatabaseAndAUser() throws ConfigurationException, IOException {
        final PostgresSourceOptions options = load("database: erp\nuser: reader");
        assertEquals("localhost", options.host());
        assertEquals(5432, options.port());
        assertEquals(SnapshotMode.INITIAL, options.snapshot());
        assertEquals(Streaming.ON, options.streaming());
        assertEquals(PublicationAutocreate.OFF, options.publicationAutocreate());
        assertEquals(Duration.ofSeconds(10), options.heartbeat());
        assertEquals(TlsOptions.Mode.PREFER, options.tls().mode());
        assertTrue(options.tables().isEmpty());
    }

    @Test
    void shouldBindNestedAndListedOptions() throws ConfigurationException, IOException {
        final PostgresSourceOptions options = load("""
            database: erp
            user: reader
            password: s3cret
            tls: {mode: verify-full, root-certificate: ca.crt}
            tables: [public.stock, erp.*]
            streaming: off
            messages: ["outbox*"]
            idle: spin""");
        assertEquals(TlsOptions.Mode.VERIFY_FULL, options.tls().mode());
        assertEquals(List.of("public.stock", "erp.*"), options.tables());
        assertEquals(Streaming.OFF, options.streaming());
        assertEquals(Idle.SPIN, options.idle());
        assertTrue(options.toString().contains("***") && !options.toString().contains("s3cret"), options.toString());
    }

    @Test
    void shouldNameEveryProblem() {
        final ConfigurationException failure = assertThrows(ConfigurationException.class, () -> load("""
            database: erp
            user: reader
            slot-name: My-Slot
            tables: [stock]
            reconnect-min-backoff: 1m
            reconnect-max-backoff: 1s"""));
        final String problems = failure.problems().toString();
        assertEquals(3, failure.problems().size(), problems);
        assertTrue(problems.contains("'My-Slot' is no name for a replication slot"), problems);
        assertTrue(problems.contains("rite schema.table, for example public.stock"), problems);
        assertTrue(problems.contains("60000ms is longer than reconnect-max-backoff, 1000ms"), problems);
    }

    @Test
    void shouldNeedTablesToMakeAPublicationOfThem() {
        final ConfigurationException failure = assertThrows(ConfigurationException.class,
            () -> load("database: erp\nuser: reader\npublication-autocreate: tables"));
        assertTrue(failure.problems().toString().contains("no tables are configured"));
    }
}
