package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

/**
 * A column to be made in the target. Immutable.
 *
 * @param name     unquoted.
 * @param type     how the source's values are encoded.
 * @param typeName the source's own name of the type, or an empty string.
 * @param key      whether it belongs to the primary key.
 */
record ColumnDefinition(String name, ColumnType type, String typeName, boolean key) {
}
