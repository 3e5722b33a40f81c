package io.headrace.adapters.jdbc;

/**
 * A column of the target as its catalog describes it. Immutable.
 *
 * @param name      exactly as the target has it.
 * @param jdbcType  one of {@link java.sql.Types}.
 * @param typeName  the target's own name of the type.
 * @param generated whether the target computes it, so that it cannot be written.
 */
record TargetColumn(String name, int jdbcType, String typeName, boolean generated) {
}
