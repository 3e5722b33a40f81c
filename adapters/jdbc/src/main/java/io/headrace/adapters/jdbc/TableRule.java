package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.Option;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the row changes of one table, or of the tables that a pattern matches, come into a table of the target. Options
 * only: immutable, for any thread.
 *
 * @param source    the table in the source.
 * @param table     the table in the target.
 * @param schema    the schema in the target.
 * @param columns   renames.
 * @param drop      columns left out.
 * @param constants columns that the source does not have.
 * @param key       what identifies a row in the target.
 */
public record TableRule(
    @Option(value = "The table in the source as schema.table; * stands for any characters. The first rule that "
        + "matches is used.", example = "public.stock") String source,
    @Option(value = "The table in the target; * stands for the name of the source's table. Default: the same name.",
        example = "erp_*") Optional<String> table,
    @Option(value = "The schema (in MariaDB and MySQL: the database) in the target. Default: that of the sink.",
        example = "planning") Optional<String> schema,
    @Option(value = "Columns that have another name in the target, as SOURCE: TARGET.",
        example = "{qty: quantity}") Map<String, String> columns,
    @Option(value = "Columns of the source, by their names there, that are not written.",
        example = "[internal_note]") List<String> drop,
    @Option(value = "Columns of the target that always get the same value, as TARGET: VALUE.",
        example = "{plant: P1}") Map<String, String> constants,
    @Option(value = "The columns of the target that identify a row; they need a primary key or a unique constraint. "
        + "Default: the key of the source's table.", example = "[plant, item]") List<String> key) {

    /** Copies the collections. */
    public TableRule {
        columns = Map.copyOf(columns);
        drop = List.copyOf(drop);
        constants = Map.copyOf(constants);
        key = List.copyOf(key);
    }
}
