package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An encrypted stream, and a password that is checked by SCRAM, against a server that lets in nothing else. */
class TlsIT {
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void shouldStreamOverTlsWithScram() throws Exception {
        try (TestServer server = new TestServer()) {
            final Path certificate = makeCertificate(server.dataDirectory());
            server.execute(
                "CREATE TABLE stock (id int PRIMARY KEY, pad text)",
                "CREATE PUBLICATION headrace_test FOR TABLE stock",
                "SET password_encryption = 'scram-sha-256'; " +
                    "CREATE ROLE reader LOGIN REPLICATION PASSWORD 'secret'; GRANT SELECT ON stock TO reader",
                "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
            final Path hba = server.dataDirectory().resolve("pg_hba.conf");
            Files.writeString(hba, "hostssl all reader all scram-sha-256\nhost all reader all reject\n" +
                Files.readString(hba), StandardOpenOption.TRUNCATE_EXISTING);
            server.execute("SELECT pg_reload_conf()");

            final TestOptions options = new TestOptions(server);
            options.user = "reader";
            options.password = "secret";
            options.publicationAutocreate = PublicationAutocreate.OFF;
            options.tlsMode = TlsOptions.Mode.VERIFY_FULL;
            options.rootCertificate = Optional.of(certificate.toString());
            try (TestBus bus = new TestBus().start(options).awaitUp()) {
                server.execute("INSERT INTO stock SELECT g, repeat('x', 500) FROM generate_series(1, 2000) g");
                bus.awaitRows(2000);
                // Single rows, so that the source sleeps in between.
                for (int i = 2001; i <= 2020; i++) {
                    server.execute("INSERT INTO stock VALUES (" + i + ", 'y')");
                    bus.awaitRows(i);
                }
                assertEquals(IntStream.rangeClosed(1, 2020).mapToObj(String::valueOf).toList(),
                    bus.rows().stream().map(row -> row.after().get("id")).toList());
                assertEquals(0, bus.counter("reconnects"));
                assertEquals("t", server.query("SELECT bool_and(s.ssl) FROM pg_stat_ssl s " +
                    "JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'reader'"));
            }
            options.tlsMode = TlsOptions.Mode.DISABLE;
            try (TestBus bus = new TestBus().start(options)) {
                await().until(() -> bus.health().state() == Health.State.DOWN);
                assertTrue(bus.health().reason().contains("pg_hba.conf"), bus.health().reason());
            }
        }
    }

    /** Puts a key and its certificate where the server looks for them, and answers the certificate's file. */
    private Path makeCertificate(final Path dataDirectory)
        throws IOException, InterruptedException, GeneralSecurityException {
        final Path store = folder.resolve("server.p12");
        final int exitCode = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server",
            "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost",
            "-ext", "BC=ca:true", "-validity", "2", "-storetype", "PKCS12", "-storepass", STORE_PASSWORD,
            "-keystore", store.toString())).inheritIO().start().waitFor();
        assertEquals(0, exitCode);
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream input = new FileInputStream(store.toFile())) {
            keys.load(input, STORE_PASSWORD.toCharArray());
        }
        final Path key = dataDirectory.resolve("server.key");
        Files.writeString(key, pem("PRIVATE KEY", keys.getKey("server", STORE_PASSWORD.toCharArray()).getEncoded()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        final Path certificate = dataDirectory.resolve("server.crt");
        Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        return certificate;
    }

    private static String pem(final String kind, final byte[] content) {
        return "-----BEGIN " + kind + "-----\n" +
            Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) +
            "\n-----END " + kind + "-----\n";
    }
}
