package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.Option;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Into which table, and which of its columns, documents are inserted. Options only: immutable, for any thread.
 *
 * @param table     the table in the target.
 * @param schema    the schema in the target.
 * @param columns   which field comes into which column.
 * @param constants columns that a document does not have.
 * @param key       what identifies a document in the target.
 */
public record DocumentRule(
    @Option(value = "The table in the target.", example = "document") String table,
    @Option(value = "The schema (in MariaDB and MySQL: the database) in the target. Default: that of the sink.")
    Optional<String> schema,
    @Option(value = "Which field comes into which column, as TARGET: FIELD. Fields: body (bytes), body-text (UTF-8), "
        + "content-type, schema-reference, topic, source, sequence, source-time, publish-time, message-id, "
        + "correlation-id. Default: topic, source_time, content_type and body, each from the field of its name.",
        example = "{payload: body-text, kind: topic}") Map<String, String> columns,
    @Option(value = "Columns of the target that always get the same value, as TARGET: VALUE.")
    Map<String, String> constants,
    @Option(value = "The columns of the target that identify a document; they need a primary key or a unique "
        + "constraint. With them a document that is delivered again replaces itself; without them it is inserted "
        + "again.", example = "[message_id]") List<String> key) {

    private static final Map<String, String> DEFAULT_COLUMNS = Map.of(
        "topic", "topic",
        "source_time", "source-time",
        "content_type", "content-type",
        "body", "body");

    /** Copies the collections. */
    public DocumentRule {
        columns = Map.copyOf(columns);
        constants = Map.copyOf(constants);
        key = List.copyOf(key);
    }

    Map<String, String> effectiveColumns() {
        return columns.isEmpty() ? DEFAULT_COLUMNS : columns;
    }
}
