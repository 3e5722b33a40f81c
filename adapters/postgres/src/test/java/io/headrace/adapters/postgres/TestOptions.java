package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The options of a test's source: quick defaults, changed one by one. */
final class TestOptions {
    String host = "localhost";
    int port;
    String user = "postgres";
    String password = "postgres";
    String slotName = "headrace_test";
    boolean temporarySlot;
    String publication = "headrace_test";
    PublicationAutocreate publicationAutocreate = PublicationAutocreate.ALL;
    List<String> tables = List.of();
    SnapshotMode snapshot = SnapshotMode.INITIAL;
    Streaming streaming = Streaming.ON;
    Optional<String> spillDirectory = Optional.empty();
    List<String> messages = List.of();
    Duration heartbeat = Duration.ZERO;
    Idle idle = Idle.ECO;
    TlsOptions.Mode tlsMode = TlsOptions.Mode.PREFER;
    Optional<String> rootCertificate = Optional.empty();

    TestOptions(final TestServer server) {
        port = server.port();
    }

    PostgresSourceOptions build() {
        return new PostgresSourceOptions(
            host, port, "postgres", user, Optional.of(new Secret(password)),
            new TlsOptions(tlsMode, rootCertificate, Optional.empty(), Optional.empty(), Optional.empty()),
            slotName, temporarySlot, publication, publicationAutocreate, tables, snapshot, streaming,
            spillDirectory, new ByteSize(1L << 30), messages, "application/json", heartbeat, idle,
            Duration.ofMillis(10), Duration.ofMillis(200), Duration.ofMillis(50), Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    }
}
