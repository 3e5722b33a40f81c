package io.headrace.codecs;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.ValueState;

/**
 * Any thread, constants only: which lengths the values of each column type have. Writer and view share it, so that
 * neither accepts what the other refuses.
 */
final class ValueFormat {
    private static final int ANY_LENGTH = -1;
    private static final int BOOL_LENGTH = 1;
    private static final int[] LENGTHS = new int[256];

    static {
        for (final ColumnType type : ColumnType.values()) {
            LENGTHS[type.value()] = lengthOf(type);
        }
    }

    private ValueFormat() {
    }

    static boolean lengthFits(final ColumnType type, final ValueState state, final int lengthBytes) {
        return switch (state) {
            case VALUE -> LENGTHS[type.value()] == ANY_LENGTH || LENGTHS[type.value()] == lengthBytes;
            case SOURCE_TEXT -> true;
            case ABSENT, NULL_VALUE, UNCHANGED -> lengthBytes == 0;
            default -> false;
        };
    }

    private static int lengthOf(final ColumnType type) {
        return switch (type) {
            case BOOL -> BOOL_LENGTH;
            case INT16, INT32, INT64, FLOAT32, FLOAT64, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> Long.BYTES;
            case UUID -> 2 * Long.BYTES;
            default -> ANY_LENGTH;
        };
    }
}
