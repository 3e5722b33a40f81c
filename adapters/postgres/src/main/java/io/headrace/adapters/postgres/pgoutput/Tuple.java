package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/** The source's thread: where in a message the column values of one row are. Used again for each row. */
public final class Tuple {
    /** What the source says of a column's value. */
    enum Value {
        /** Not part of this image of the row. */
        ABSENT,
        /** SQL NULL. */
        NULL,
        /** Large, stored apart, and not sent as it did not change. */
        UNCHANGED,
        /** Its text is there. */
        TEXT
    }

    private static final int INITIAL_COLUMNS = 32;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private Value[] values = new Value[INITIAL_COLUMNS];
    private int[] offsets = new int[INITIAL_COLUMNS];
    private int[] lengths = new int[INITIAL_COLUMNS];

    /** An empty tuple. */
    public Tuple() {
        clear();
    }

    void clear() {
        Arrays.fill(values, Value.ABSENT);
    }

    /**
     * Starts a row.
     *
     * @param source      that holds the text of its values.
     * @param columnCount how many columns it has.
     */
    void wrap(final DirectBuffer source, final int columnCount) {
        buffer.wrap(source);
        resize(columnCount);
    }

    /**
     * Starts a row in an array.
     *
     * @param source      that holds the text of its values.
     * @param columnCount how many columns it has.
     */
    public void wrap(final byte[] source, final int columnCount) {
        buffer.wrap(source);
        resize(columnCount);
    }

    private void resize(final int columnCount) {
        if (columnCount > values.length) {
            values = new Value[columnCount];
            offsets = new int[columnCount];
            lengths = new int[columnCount];
        }
        clear();
    }

    /**
     * A column has a text.
     *
     * @param column      from 0.
     * @param offset      of the text in the wrapped buffer.
     * @param lengthBytes of the text.
     */
    public void text(final int column, final int offset, final int lengthBytes) {
        values[column] = Value.TEXT;
        offsets[column] = offset;
        lengths[column] = lengthBytes;
    }

    /**
     * A column is NULL.
     *
     * @param column from 0.
     */
    public void nullValue(final int column) {
        values[column] = Value.NULL;
    }

    void unchanged(final int column) {
        values[column] = Value.UNCHANGED;
    }

    void absent(final int column) {
        values[column] = Value.ABSENT;
    }

    Value value(final int column) {
        return column < values.length ? values[column] : Value.ABSENT;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int offset(final int column) {
        return offsets[column];
    }

    int length(final int column) {
        return lengths[column];
    }
}
