package io.headrace.adapters.postgres;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any thread, immutable: the options of a PostgreSQL source.
 *
 * @param host                 of the server.
 * @param port                 of the server.
 * @param database             to read.
 * @param user                 to connect as.
 * @param password             of the user.
 * @param tls                  encryption.
 * @param slotName             replication slot.
 * @param temporarySlot        whether the slot ends with the connection.
 * @param publication          to read.
 * @param publicationAutocreate whether to make it.
 * @param tables               to publish.
 * @param snapshot             whether present rows come first.
 * @param streaming            of large transactions.
 * @param spillDirectory       for large transactions.
 * @param spillLimit           for large transactions.
 * @param messages             prefixes of logical messages to publish.
 * @param messageContentType   media type of those.
 * @param heartbeat            interval.
 * @param idle                 how to wait.
 * @param statusInterval       of the stream.
 * @param monitorInterval      of the slot's counters.
 * @param reconnectMinBackoff  first wait.
 * @param reconnectMaxBackoff  longest wait.
 * @param connectTimeout       of a connection.
 */
public record PostgresSourceOptions(
    @Option(value = "Name or address of the server.", defaultValue = "localhost")
    String host,
    @Option(value = "Port of the server.", defaultValue = "5432", min = "1", max = "65535")
    int port,
    @Option(value = "Database whose changes are read.", example = "erp")
    String database,
    @Option(value = "User with the REPLICATION attribute and SELECT on the tables.", example = "headrace")
    String user,
    @Option(value = "Password of the user.", example = "${file:/run/secrets/erp}")
    Optional<Secret> password,
    @Option("Encryption of the connections.")
    TlsOptions tls,
    @Option(
        value = "Replication slot, made when it is missing. It keeps the place on the server; one slot serves one " +
            "source. Lower-case letters, digits and underscores, at most 54.",
        defaultValue = "headrace")
    String slotName,
    @Option(
        value = "Whether the slot ends with its connection, so that nothing stays on the server. What changes while " +
            "there is no connection is then missed: for trying out only.",
        defaultValue = "false")
    boolean temporarySlot,
    @Option(value = "Publication that names the tables on the server.", defaultValue = "headrace")
    String publication,
    @Option(
        value = "Whether the source makes the publication when it is missing: for the configured tables, for all " +
            "tables, or not.",
        defaultValue = "off")
    PublicationAutocreate publicationAutocreate,
    @Option(
        value = "Tables to publish, as schema.table; a star stands for any characters. Empty: every table of the " +
            "publication.",
        example = "[public.stock, erp.*]")
    List<String> tables,
    @Option(
        value = "Whether the tables' present rows are published before their changes, when the slot does not exist " +
            "yet.",
        defaultValue = "initial")
    SnapshotMode snapshot,
    @Option(
        value = "Where a transaction larger than the server's logical_decoding_work_mem waits for its commit: on " +
            "this host, or on the server.",
        defaultValue = "on")
    Streaming streaming,
    @Option(
        value = "Folder for large transactions under streaming: on. The system's temporary folder unless given.",
        example = "/var/lib/headrace/spill")
    Optional<String> spillDirectory,
    @Option(
        value = "How much of the spill folder transactions in progress may take; past it the source stops.",
        defaultValue = "16GiB",
        min = "1MiB")
    ByteSize spillLimit,
    @Option(
        value = "Prefixes of logical messages (pg_logical_emit_message) to publish as documents; a star stands for " +
            "any characters. Empty: none.",
        example = "[\"outbox*\"]")
    List<String> messages,
    @Option(value = "Media type of published logical messages.", defaultValue = "application/json")
    String messageContentType,
    @Option(
        value = "How often a logical message is written to the database, so that the slot moves while only other " +
            "databases of the server change. 0s: never. It is not published.",
        defaultValue = "10s",
        max = "1h")
    Duration heartbeat,
    @Option(
        value = "How the source waits for the next message: eco sleeps until there is input, yield looks for two " +
            "milliseconds first, spin takes a core.",
        defaultValue = "eco")
    Idle idle,
    @Option(
        value = "How often the server hears from the source. It also wakes a server process that missed its own " +
            "wake-up, and so bounds the delay of the first change after a pause. Under idle: eco it is five times as " +
            "long after a second without changes.",
        defaultValue = "10ms",
        min = "2ms",
        max = "10s")
    Duration statusInterval,
    @Option(
        value = "How often the slot's lag and the retained log are asked for.",
        defaultValue = "5s",
        min = "100ms",
        max = "1h")
    Duration monitorInterval,
    @Option(value = "Wait before the first attempt to connect again.", defaultValue = "100ms", min = "1ms", max = "1h")
    Duration reconnectMinBackoff,
    @Option(
        value = "Longest wait between attempts; each doubles the one before it, and is shortened at random by up to " +
            "a half.",
        defaultValue = "30s",
        min = "1ms",
        max = "1h")
    Duration reconnectMaxBackoff,
    @Option(value = "How long connecting may take.", defaultValue = "10s", min = "100ms", max = "10m")
    Duration connectTimeout) implements CheckedOptions {

    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,54}");
    private static final Pattern TABLE_PATTERN = Pattern.compile("[^.]+\\..+");
    private static final int MAX_IDENTIFIER_BYTES = 63;

    /** What may be left out has its empty value. */
    public PostgresSourceOptions {
        tables = List.copyOf(tables);
        messages = List.copyOf(messages);
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (!SLOT_NAME.matcher(slotName).matches()) {
            problems.add(new OptionProblem(
                "slotName",
                "'" + slotName + "' is no name for a replication slot",
                "use 1 to 54 lower-case letters, digits and underscores"));
        }
        if (publication.isEmpty() || publication.length() > MAX_IDENTIFIER_BYTES || publication.contains("\"")) {
            problems.add(new OptionProblem(
                "publication", "'" + publication + "' is no name for a publication", "use 1 to 63 characters"));
        }
        for (final String table : tables) {
            if (!TABLE_PATTERN.matcher(table).matches()) {
                problems.add(new OptionProblem(
                    "tables", "'" + table + "' names no schema", "write schema.table, for example public." + table));
            }
        }
        if (publicationAutocreate == PublicationAutocreate.TABLES && tables.isEmpty()) {
            problems.add(new OptionProblem(
                "publicationAutocreate",
                "is 'tables', but no tables are configured",
                "name them under tables, or use 'all' or 'off'"));
        }
        if (reconnectMinBackoff.compareTo(reconnectMaxBackoff) > 0) {
            problems.add(new OptionProblem(
                "reconnectMinBackoff",
                reconnectMinBackoff.toMillis() + "ms is longer than reconnect-max-backoff, " +
                    reconnectMaxBackoff.toMillis() + "ms",
                "lower it"));
        }
        return problems;
    }
}
