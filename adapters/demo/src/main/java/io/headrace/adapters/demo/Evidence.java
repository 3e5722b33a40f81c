package io.headrace.adapters.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Goes through what the flows have left in their targets, and matches each piece with what was published. Owned by the
 * thread that compares.
 */
final class Evidence {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int FETCH_ROWS = 1000;

    private final IdentityCheck check;

    /**
     * Begins with nothing found.
     *
     * @param published what should be found, once each.
     */
    Evidence(final PublishedLog published) {
        check = new IdentityCheck(published);
    }

    IdentityCheck check() {
        return check;
    }

    /** Reads the changes that the copies' triggers noted. */
    Evidence ledger(final PostgresServer planning) throws SQLException {
        try (Connection connection = planning.connect(); Statement statement = piecewise(connection);
            ResultSet rows = statement.executeQuery("SELECT identity FROM measure.ledger")) {
            while (rows.next()) {
                check.found(rows.getLong(1));
            }
        }
        return this;
    }

    /** Reads the tickets: one row for each writing. */
    Evidence tickets(final PostgresServer planning, final Map<Long, String> sent) throws SQLException {
        return reactions(planning, "SELECT fault_id, fault, 1 FROM maintenance.tickets ORDER BY ticket", sent);
    }

    /** Reads the flags: one row for each fault, which knows how often it was written. */
    Evidence flags(final PostgresServer planning, final Map<Long, String> sent) throws SQLException {
        return reactions(planning, "SELECT fault_id, fault, written FROM dispatch.delivery_flags", sent);
    }

    private Evidence reactions(
        final PostgresServer planning, final String sql, final Map<Long, String> sent) throws SQLException {
        try (Connection connection = planning.connect(); Statement statement = piecewise(connection);
            ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int i = 0; i < rows.getInt(3); i++) {
                    fault(rows.getString(1), rows.getString(2), sent);
                }
            }
        }
        return this;
    }

    private static Statement piecewise(final Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        final Statement statement = connection.createStatement();
        statement.setFetchSize(FETCH_ROWS);
        return statement;
    }

    /** Takes the messages that told the planning system to plan again. */
    Evidence replans(final List<String> messages, final Map<Long, String> sent) throws IOException {
        for (final String message : messages) {
            fault(faultId(message), message, sent);
        }
        return this;
    }

    private static String faultId(final String message) throws IOException {
        try (JsonParser json = JSON.createParser(message)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("fault")) {
                    return json.nextTextValue();
                }
            }
        }
        return null;
    }

    private void fault(final String id, final String payload, final Map<Long, String> sent) {
        final long number = id == null ? -1 : Machines.faultNumber(id);
        if (number < 0) {
            check.foundUnknown();
            return;
        }
        check.found(number);
        if (!payload.equals(sent.get(number))) {
            check.differs();
        }
    }

    /** Reads the archived readings. */
    Evidence readings(final Path folder, final long seed) throws IOException {
        forEachLine(folder, json -> {
            String id = null;
            String sensor = null;
            String value = null;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    final String name = json.currentName();
                    final JsonToken content = json.nextToken();
                    switch (name) {
                        case "messageId" -> id = json.getText();
                        case "sensorId" -> sensor = json.getText();
                        case "value" -> value =
                            content == JsonToken.VALUE_STRING ? '"' + json.getText() + '"' : json.getText();
                        default -> { }
                    }
                }
            }
            reading(id == null ? -1 : Machines.readingIdentity(id), sensor, value, seed);
        });
        return this;
    }

    private void reading(final long identity, final String sensor, final String value, final long seed) {
        if (identity < 0) {
            check.foundUnknown();
            return;
        }
        check.found(identity);
        if (!Machines.readingValue(seed, identity).equals(value) || !Machines.sensor(identity).equals(sensor)) {
            check.differs();
        }
    }

    /** Reads the audit of the ERP: the number of the row after the change, or of the row that was deleted. */
    Evidence audit(final Path folder) throws IOException {
        forEachLine(folder, json -> {
            long before = 0;
            long after = 0;
            String image = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    final String name = json.currentName();
                    if (json.getParsingContext().getParent().inRoot()) {
                        image = name;
                    } else if (name.equals("rev")) {
                        final long rev = json.nextLongValue(0);
                        before = image.equals("before") ? rev : before;
                        after = image.equals("after") ? rev : after;
                    }
                }
            }
            if (after != 0) {
                check.found(after);
            } else if (before != 0) {
                check.found(-before);
            } else {
                check.foundUnknown();
            }
        });
        return this;
    }

    /** Reads one line. */
    @FunctionalInterface
    private interface LineReader {
        void read(JsonParser json) throws IOException;
    }

    /** The files with a flow's lines, in their order. */
    static List<Path> outputFiles(final Path folder) throws IOException {
        try (Stream<Path> listed = Files.list(folder)) {
            return listed.filter(Files::isRegularFile)
                .filter(file -> file.getFileName().toString().contains(".jsonl")).sorted().toList();
        }
    }

    /** Lines of complete files and of those that a flow which failed may have left. */
    private void forEachLine(final Path folder, final LineReader reader) throws IOException {
        for (final Path file : outputFiles(folder)) {
            // Not Files.newBufferedReader, which throws at a character that is torn: that is a finding like any other.
            try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    try (JsonParser json = JSON.createParser(line)) {
                        reader.read(json);
                    } catch (final JsonProcessingException torn) {
                        check.foundUnknown();
                    }
                }
            }
        }
    }
}
