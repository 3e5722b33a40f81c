package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

/**
 * A column of the target that a change gives a value to. Immutable.
 *
 * @param index      of the source's column, or -1 for a constant.
 * @param definition what it would be made as.
 * @param term       how statements write it.
 * @param constant   its value when it is a constant, otherwise null.
 * @param before     whether the event holds its value before the change.
 * @param after      whether the event holds its value after the change.
 */
record MappedColumn(
    int index, ColumnDefinition definition, Term term, String constant, boolean before, boolean after) {

    String name() {
        return definition.name();
    }

    boolean key() {
        return definition.key();
    }

    ColumnType type() {
        return definition.type();
    }

    /** Whether its value after the change is known: sent, or said to be as it was before. */
    boolean known() {
        return after || before;
    }

    Slot slotAfter() {
        return slot(after ? Slot.Origin.AFTER : Slot.Origin.BEFORE);
    }

    Slot slotBefore() {
        return slot(Slot.Origin.BEFORE);
    }

    private Slot slot(final Slot.Origin origin) {
        return constant != null ?
            new Slot(Slot.Origin.CONSTANT, -1, type(), false, name(), constant) :
            new Slot(origin, index, type(), key(), name(), null);
    }
}
