package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.pgoutput.DecoderSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The source's thread, without state: the publication, which names the tables on the server. */
public final class Publications {
    private static final Logger LOG = LoggerFactory.getLogger(Publications.class);
    private static final String TABLES_QUERY =
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
        "WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition " +
        "AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2";

    private Publications() {
    }

    /**
     * A table by its two names.
     *
     * @param schema of the table.
     * @param name   of the table.
     */
    public record Table(String schema, String name) {
        /**
         * As SQL writes it.
         *
         * @return the quoted name.
         */
        public String quoted() {
            return quote(schema) + "." + quote(name);
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    static String quote(final String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Makes the publication, or adds tables to it, as far as the options ask for that. */
    static void ensure(final Connection connection, final PostgresSourceOptions options) throws SQLException {
        final String name = quote(options.publication());
        final boolean present = exists(connection, options.publication());
        switch (options.publicationAutocreate()) {
            case OFF -> {
                if (!present) {
                    throw new NotReadyException("publication " + options.publication() + " does not exist; run: " +
                        createStatement(connection, options) + ", or set publication-autocreate");
                }
            }
            case ALL -> {
                if (!present) {
                    execute(connection, "CREATE PUBLICATION " + name + " FOR ALL TABLES");
                }
            }
            case TABLES -> {
                final List<Table> missing = missing(connection, options);
                if (!missing.isEmpty()) {
                    execute(connection, present ?
                        "ALTER PUBLICATION " + name + " ADD TABLE " + list(missing) :
                        "CREATE PUBLICATION " + name + " FOR TABLE " + list(missing));
                } else if (!present) {
                    throw new NotReadyException("no table matches tables: " + options.tables() +
                        "; create the tables, or mend the patterns");
                }
            }
        }
    }

    /**
     * The statement with which the database's owner makes the publication.
     *
     * @param connection to look for tables on.
     * @param options    that name the tables.
     * @return the statement.
     * @throws SQLException when the server cannot be asked.
     */
    public static String createStatement(final Connection connection, final PostgresSourceOptions options)
        throws SQLException {
        final List<Table> tables = options.tables().isEmpty() ? List.of() : configured(connection, options);
        return "CREATE PUBLICATION " + quote(options.publication()) +
            (tables.isEmpty() ? " FOR ALL TABLES" : " FOR TABLE " + list(tables));
    }

    /**
     * Whether there is a publication of a name.
     *
     * @param connection  to ask on.
     * @param publication its name.
     * @return true if so.
     * @throws SQLException when the server cannot be asked.
     */
    public static boolean exists(final Connection connection, final String publication) throws SQLException {
        try (PreparedStatement statement =
            connection.prepareStatement("SELECT 1 FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * The tables that the configured patterns select and the publication lacks.
     *
     * @param connection to ask on.
     * @param options    that name both.
     * @return the tables.
     * @throws SQLException when the server cannot be asked.
     */
    public static List<Table> missing(final Connection connection, final PostgresSourceOptions options)
        throws SQLException {
        final List<Table> missing = new ArrayList<>(configured(connection, options));
        missing.removeAll(published(connection, options.publication()));
        missing.removeAll(listed(connection, options.publication()));
        return missing;
    }

    /** The tables as the publication lists them: a partitioned one is seen by the server as its partitions. */
    private static List<Table> listed(final Connection connection, final String publication) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
            "SELECT n.nspname, c.relname FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid " +
            "JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace " +
            "WHERE p.pubname = ?")) {
            statement.setString(1, publication);
            return tables(statement);
        }
    }

    /**
     * The tables in a publication, as the server sees them.
     *
     * @param connection  to ask on.
     * @param publication its name.
     * @return the tables.
     * @throws SQLException when the server cannot be asked.
     */
    public static List<Table> published(final Connection connection, final String publication) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
            "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ? ORDER BY 1, 2")) {
            statement.setString(1, publication);
            return tables(statement);
        }
    }

    private static List<Table> configured(final Connection connection, final PostgresSourceOptions options)
        throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TABLES_QUERY)) {
            return tables(statement).stream()
                .filter(table -> options.tables().stream()
                    .anyMatch(pattern -> DecoderSettings.matches(pattern, table.toString())))
                .collect(Collectors.toList());
        }
    }

    private static List<Table> tables(final PreparedStatement statement) throws SQLException {
        final List<Table> tables = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getString(2)));
            }
        }
        return tables;
    }

    private static String list(final List<Table> tables) {
        return tables.stream().map(Table::quoted).collect(Collectors.joining(", "));
    }

    private static void execute(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            LOG.info("Ran: {}", sql);
        }
    }
}
