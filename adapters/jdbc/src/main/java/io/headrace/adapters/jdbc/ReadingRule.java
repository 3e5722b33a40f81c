package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.Option;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Into which table, and which of its columns, readings are inserted. Options only: immutable, for any thread.
 *
 * @param table     the table in the target.
 * @param schema    the schema in the target.
 * @param columns   which field comes into which column.
 * @param constants columns that a reading does not have.
 * @param key       what identifies a reading in the target.
 */
public record ReadingRule(
    @Option(value = "The table in the target.", example = "reading") String table,
    @Option(value = "The schema (in MariaDB and MySQL: the database) in the target. Default: that of the sink.")
    Optional<String> schema,
    @Option(value = "Which field comes into which column, as TARGET: FIELD. Fields: sensor-id, time, value, "
        + "text-value, unit, quality, reading-type, topic, source, sequence, source-time, publish-time, message-id, "
        + "correlation-id. Default: sensor_id, time, value, text_value, unit and quality, each from the field of its "
        + "name.", example = "{machine: sensor-id, at: time, v: value}") Map<String, String> columns,
    @Option(value = "Columns of the target that always get the same value, as TARGET: VALUE.")
    Map<String, String> constants,
    @Option(value = "The columns of the target that identify a reading; they need a primary key or a unique "
        + "constraint. With them a reading that is delivered again replaces itself; without them it is inserted "
        + "again.", example = "[sensor_id, time]") List<String> key) {

    private static final Map<String, String> DEFAULT_COLUMNS = Map.of(
        "sensor_id", "sensor-id",
        "time", "time",
        "value", "value",
        "text_value", "text-value",
        "unit", "unit",
        "quality", "quality");

    /** Copies the collections. */
    public ReadingRule {
        columns = Map.copyOf(columns);
        constants = Map.copyOf(constants);
        key = List.copyOf(key);
    }

    Map<String, String> effectiveColumns() {
        return columns.isEmpty() ? DEFAULT_COLUMNS : columns;
    }
}
