package io.headrace.adapters.jdbc;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the rows of one table of the source go. Immutable.
 *
 * @param schema    of the target, or null for the connection's.
 * @param table     of the target.
 * @param renames   from names of the source to names of the target.
 * @param dropped   names of the source.
 * @param constants by the target's column.
 * @param key       columns of the target; empty for the source's key.
 */
record TableMapping(
    String schema,
    String table,
    Map<String, String> renames,
    Set<String> dropped,
    Map<String, String> constants,
    List<String> key) {

    static TableMapping of(final TableRule rule, final String sourceTable, final String defaultSchema) {
        return new TableMapping(
            rule.schema().orElse(defaultSchema),
            rule.table().map(table -> table.replace("*", sourceTable)).orElse(sourceTable),
            rule.columns(),
            new HashSet<>(rule.drop()),
            rule.constants(),
            rule.key());
    }

    static TableMapping mirror(final String sourceTable, final String defaultSchema) {
        return new TableMapping(defaultSchema, sourceTable, Map.of(), Set.of(), Map.of(), List.of());
    }

    /** The target's name of a column, or null when it is dropped. */
    String target(final String sourceColumn) {
        return dropped.contains(sourceColumn) ? null : renames.getOrDefault(sourceColumn, sourceColumn);
    }
}
