package io.headrace.adapters.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The golden files, and what of an envelope is compared with them. */
final class GoldenFiles {
    /** The settings of Debezium's connector for each file. */
    static final Map<String, Map<String, String>> SETTINGS = Map.of(
        "defaults", Map.of(),
        "strings", Map.of("decimal.handling.mode", "string", "interval.handling.mode", "string"));

    /** Differ from run to run: when and where in the log it happened. */
    static final List<String> RUN_FIELDS = List.of("ts_ms", "ts_us", "ts_ns");
    static final List<String> RUN_SOURCE_FIELDS = List.of("ts_ms", "ts_us", "ts_ns", "sequence", "txId", "lsn");

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private GoldenFiles() {
    }

    static Path path(final String name) {
        return DIRECTORY.resolve("debezium-" + name + ".jsonl");
    }

    static List<JsonNode> read(final String name) throws IOException {
        return parse(Files.readAllLines(path(name)));
    }

    static void write(final String name, final List<String> lines) throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.write(path(name), lines);
    }

    static List<JsonNode> parse(final List<String> lines) throws IOException {
        final List<JsonNode> nodes = new ArrayList<>();
        for (final String line : lines) {
            nodes.add(MAPPER.readTree(line));
        }
        return nodes;
    }

    /** The envelope without what differs from run to run. */
    static JsonNode withoutRun(final JsonNode envelope) {
        final ObjectNode copy = envelope.deepCopy();
        copy.remove(RUN_FIELDS);
        ((ObjectNode)copy.get("source")).remove(RUN_SOURCE_FIELDS);
        return copy;
    }

    /** Snapshot rows first, by table and text, as the order in which tables are read is nobody's promise. */
    static List<JsonNode> inComparableOrder(final List<JsonNode> envelopes) {
        final List<JsonNode> ordered = new ArrayList<>();
        envelopes.stream().filter(GoldenFiles::isSnapshot)
            .sorted(Comparator.comparing(envelope ->
                envelope.get("source").get("table").textValue() + envelope.get("after").toString()))
            .forEach(ordered::add);
        envelopes.stream().filter(envelope -> !isSnapshot(envelope)).forEach(ordered::add);
        return ordered;
    }

    /**
     * The envelope without what differs between Debezium and Headrace on purpose, all of it listed in the guide: who
     * wrote it and when; in a snapshot the place in the log, and which row is the first and the last; the first half
     * of the sequence, the log position of the transaction before; the place in the log of a logical message, which an
     * event does not carry, and its time, which outside of a transaction is the last commit's for Debezium.
     */
    static JsonNode withoutDifferences(final JsonNode envelope) {
        final ObjectNode copy = envelope.deepCopy();
        copy.remove(RUN_FIELDS);
        final ObjectNode source = (ObjectNode)copy.get("source");
        source.remove("version");
        if (isSnapshot(envelope)) {
            source.remove(RUN_SOURCE_FIELDS);
            source.put("snapshot", "true");
        } else if (envelope.get("op").textValue().equals("m")) {
            source.remove(RUN_SOURCE_FIELDS);
        } else {
            source.put("sequence", source.get("sequence").textValue().replaceFirst("^\\[[^,]*,", "[null,"));
        }
        return copy;
    }

    /** Every field in which two envelopes differ, with both values; numbers are compared by value and kind. */
    static List<String> differences(final String path, final JsonNode expected, final JsonNode actual) {
        final List<String> found = new ArrayList<>();
        if (expected != null && actual != null && expected.isObject() && actual.isObject()) {
            final Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(name ->
                found.addAll(differences(path + "." + name, expected.get(name), actual.get(name))));
        } else if (expected == null || !expected.equals(actual)) {
            found.add(path + ": expected " + expected + " but was " + actual);
        }
        return found;
    }

    private static boolean isSnapshot(final JsonNode envelope) {
        return !envelope.get("source").get("snapshot").textValue().equals("false");
    }
}
