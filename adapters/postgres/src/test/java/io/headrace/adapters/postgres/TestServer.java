package io.headrace.adapters.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A real PostgreSQL, set up for logical replication, on a random port of the loopback, in a temporary folder. */
final class TestServer implements AutoCloseable {
    private final int major;
    private final Path dataDirectory;
    private EmbeddedPostgres postgres;
    private int port;

    /** The version that the build uses unless told otherwise. */
    TestServer() {
        this(18);
    }

    TestServer(final int major) {
        this.major = major;
        try {
            dataDirectory = Files.createTempDirectory("headrace-pg" + major + "-");
            launch();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() throws IOException {
        final EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
            .setDataDirectory(dataDirectory)
            .setCleanDataDirectory(false)
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("fsync", "off")
            .setServerConfig("max_wal_senders", "10")
            .setServerConfig("max_replication_slots", "10")
            .setServerConfig("max_connections", "50")
            .setServerConfig("logical_decoding_work_mem", "64kB")
            .setServerConfig("wal_sender_timeout", "10s");
        if (port != 0) {
            builder.setPort(port);
        }
        if (major != 18) {
            builder.setPgBinaryResolver(this::binaries);
        }
        postgres = builder.start();
        port = postgres.getPort();
    }

    private InputStream binaries(final String system, final String machine) throws IOException {
        final Path folder = Path.of("target", "postgres-binaries");
        final Path jar;
        try (Stream<Path> files = Files.list(folder)) {
            jar = files.filter(file -> file.getFileName().toString().contains("-" + major + ".")).findFirst()
                .orElseThrow(() -> new IOException("no PostgreSQL " + major + " in " + folder.toAbsolutePath()));
        }
        final ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar));
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().endsWith(".txz")) {
                return zip;
            }
        }
        throw new IOException("no archive in " + jar);
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    int port() {
        return port;
    }

    Connection connect() throws SQLException {
        return postgres.getPostgresDatabase().getConnection();
    }

    void execute(final String... statements) {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (final String sql : statements) {
                statement.execute(sql);
            }
        } catch (final SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    String query(final String sql) {
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (final SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Stops the server and starts it again on its data and its port. */
    void restart() {
        stop();
        start();
    }

    void stop() {
        try {
            postgres.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        try {
            launch();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
            try (Stream<Path> files = Files.walk(dataDirectory)) {
                files.sorted((left, right) -> right.compareTo(left)).map(Path::toFile).forEach(java.io.File::delete);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
