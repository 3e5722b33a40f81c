package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

/**
 * Where the value of one parameter of a statement comes from. Immutable, for any thread.
 *
 * @param origin   which part of the event holds it.
 * @param index    of the column of a row change, or ordinal of an {@link EventField}; -1 for a constant.
 * @param type     how its bytes are to be read.
 * @param required whether it must not be NULL, as it identifies the row.
 * @param name     of the target's column, for messages.
 * @param constant the value of a constant, otherwise null.
 */
record Slot(Origin origin, int index, ColumnType type, boolean required, String name, String constant) {
    /** Which part of an event holds a value. */
    enum Origin {
        BEFORE, AFTER, FIELD, CONSTANT
    }
}
