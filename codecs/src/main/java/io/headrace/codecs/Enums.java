package io.headrace.codecs;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingType;
import io.headrace.codecs.sbe.Resolution;
import io.headrace.codecs.sbe.ValueState;

/**
 * Any thread, constants only: encoded values to enums by table, because the generated look-up throws on a value that it
 * does not know, and such a value is an answer here and not an exception. An unknown one is null.
 */
final class Enums {
    private static final int SIZE = 256;
    private static final EventKind[] EVENT_KINDS = new EventKind[SIZE];
    private static final Operation[] OPERATIONS = new Operation[SIZE];
    private static final ColumnType[] COLUMN_TYPES = new ColumnType[SIZE];
    private static final ValueState[] VALUE_STATES = new ValueState[SIZE];
    private static final Mark[] MARKS = new Mark[SIZE];
    private static final Quality[] QUALITIES = new Quality[SIZE];
    private static final ReadingType[] READING_TYPES = new ReadingType[SIZE];
    private static final Resolution[] RESOLUTIONS = new Resolution[SIZE];

    static {
        for (final EventKind kind : EventKind.values()) {
            EVENT_KINDS[kind.value()] = known(kind) ? kind : null;
        }
        for (final Operation operation : Operation.values()) {
            OPERATIONS[operation.value()] = known(operation) ? operation : null;
        }
        for (final ColumnType type : ColumnType.values()) {
            COLUMN_TYPES[type.value()] = known(type) ? type : null;
        }
        for (final ValueState state : ValueState.values()) {
            VALUE_STATES[state.value()] = known(state) ? state : null;
        }
        for (final Mark mark : Mark.values()) {
            MARKS[mark.value()] = known(mark) ? mark : null;
        }
        for (final Quality quality : Quality.values()) {
            QUALITIES[quality.value()] = known(quality) ? quality : null;
        }
        for (final ReadingType type : ReadingType.values()) {
            READING_TYPES[type.value()] = known(type) ? type : null;
        }
        for (final Resolution resolution : Resolution.values()) {
            RESOLUTIONS[resolution.value()] = known(resolution) ? resolution : null;
        }
    }

    private Enums() {
    }

    /** Not one of the constants that the generator adds for what is not there or not known. */
    private static boolean known(final Enum<?> constant) {
        return !"NULL_VAL".equals(constant.name()) && !"SBE_UNKNOWN".equals(constant.name());
    }

    static EventKind eventKind(final int encoded) {
        return EVENT_KINDS[encoded];
    }

    static Operation operation(final int encoded) {
        return OPERATIONS[encoded];
    }

    static ColumnType columnType(final int encoded) {
        return COLUMN_TYPES[encoded];
    }

    static ValueState valueState(final int encoded) {
        return VALUE_STATES[encoded];
    }

    static Mark mark(final int encoded) {
        return MARKS[encoded];
    }

    static Quality quality(final int encoded) {
        return QUALITIES[encoded];
    }

    static ReadingType readingType(final int encoded) {
        return READING_TYPES[encoded];
    }

    static Resolution resolution(final int encoded) {
        return RESOLUTIONS[encoded];
    }
}
