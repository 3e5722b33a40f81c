package io.headrace.adapters.jdbc;

import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.Change;
import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.adapters.testkit.SinkContract;
import io.headrace.adapters.testkit.TargetKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contract of sinks, with PostgreSQL as the target. */
class PostgresContractIT extends SinkContract<JdbcSinkOptions> {
    @TempDir
    private static Path dataFolder;
    private static EmbeddedPostgres server;
    private static int port;

    private Connection blocker;

    @BeforeAll
    static void startServer() throws IOException {
        port = 0;
        launch();
        port = server.getPort();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    private static void launch() throws IOException {
        final EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
            .setDataDirectory(dataFolder.resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("synchronous_commit", "on");
        if (port > 0) {
            builder.setPort(port);
        }
        server = builder.start();
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    @BeforeEach
    void emptyTarget() throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE");
            statement.execute("CREATE SCHEMA public");
            statement.execute("CREATE TABLE item (item varchar(20) PRIMARY KEY, number bigint)");
        }
    }

    TestOptions contractOptions() {
        final TestOptions options = TestOptions.of(url()).login("postgres", "postgres").mirror().autoCreate();
        options.lockTimeout = Duration.ofSeconds(2);
        options.readings =
            new ReadingRule("reading", Optional.empty(), Map.of(), Map.of(), List.of());
        options.documents =
            new DocumentRule("document", Optional.empty(), Map.of(), Map.of(), List.of());
        return options;
    }

    @Override
    protected JdbcSinkProvider provider() {
        return new JdbcSinkProvider();
    }

    @Override
    protected JdbcSinkOptions options() {
        return contractOptions().build();
    }

    @Override
    protected JdbcSinkOptions fatalOptions() {
        return contractOptions().login("nobody", "wrong").build();
    }

    @Override
    protected JdbcSinkOptions wrongOptions() {
        final TestOptions options = TestOptions.of(url()).login("postgres", "postgres");
        options.readings = new ReadingRule("reading", Optional.empty(), Map.of(), Map.of(), List.of("time"));
        return options.build();
    }

    @Override
    protected TargetKind targetKind() {
        return TargetKind.KEEPS_LATEST;
    }

    @Override
    protected List<Change> arrivals() throws SQLException {
        final List<Change> changes = new ArrayList<>();
        try (Connection connection = connect();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT item, number FROM item ORDER BY number")) {
            while (rows.next()) {
                changes.add(new Change(rows.getString(1), rows.getLong(2)));
            }
        }
        return changes;
    }

    @Override
    protected EncodedEvent poisonEvent(final Change change) {
        return EventFixtures.numberedRow(change.key() + " that is too long for its column", change.number());
    }

    @Override
    protected void hangTarget() throws SQLException {
        blocker = connect();
        blocker.setAutoCommit(false);
        try (Statement statement = blocker.createStatement()) {
            statement.execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE");
        }
    }

    @Override
    protected void resumeTarget() throws SQLException {
        blocker.close();
    }

    @Override
    protected void stopOutside() throws IOException {
        server.close();
    }

    @Override
    protected void startOutside() throws IOException {
        launch();
    }

    @Override
    protected boolean mayOutlive(final Thread thread) {
        return thread.getName().startsWith("PostgreSQL-JDBC") || thread.getName().startsWith("log:");
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of();
    }
}
