package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;

/**
 * The thread of the view that it belongs to: one value of one column, before or after the change. A flyweight that
 * {@link RowColumn} moves; keep no reference to it across columns.
 *
 * <p>Look at {@link #state()} first, then choose the accessor by the column's type. One that does not fit the value's
 * length throws {@link IllegalStateException}, as that is an error in the reader.
 */
public final class ValueView {
    private DirectBuffer buffer;
    private ValueState state;
    private int offset;
    private int length;

    ValueView() {
    }

    void wrap(final DirectBuffer source, final ValueState valueState, final int valueOffset, final int valueLength) {
        buffer = source;
        state = valueState;
        offset = valueOffset;
        length = valueLength;
    }

    /**
     * Whether, and in which form, the value is there.
     *
     * @return its state.
     */
    public ValueState state() {
        return state;
    }

    /**
     * Whether the value is there in the encoding of its column's type.
     *
     * @return true for {@link ValueState#VALUE} only.
     */
    public boolean present() {
        return state == ValueState.VALUE;
    }

    /**
     * The buffer that holds the value.
     *
     * @return the buffer that the row change was wrapped in.
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where the value begins.
     *
     * @return absolute offset in {@link #buffer()}.
     */
    public int offset() {
        return offset;
    }

    /**
     * How long the value is.
     *
     * @return length in bytes; 0 if there are none.
     */
    public int length() {
        return length;
    }

    /**
     * A value of one of the integer, date and time types.
     *
     * @return the number, in the unit of its type.
     */
    public long longValue() {
        checkLength(Long.BYTES);
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A value of a floating point type.
     *
     * @return the number.
     */
    public double doubleValue() {
        checkLength(Double.BYTES);
        return buffer.getDouble(offset, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A boolean value.
     *
     * @return the boolean.
     */
    public boolean boolValue() {
        checkLength(1);
        return buffer.getByte(offset) != 0;
    }

    /**
     * The most significant half of a UUID.
     *
     * @return 64 bits.
     */
    public long uuidHi() {
        checkLength(2 * Long.BYTES);
        return buffer.getLong(offset, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The least significant half of a UUID.
     *
     * @return 64 bits.
     */
    public long uuidLo() {
        checkLength(2 * Long.BYTES);
        return buffer.getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The bytes as UTF-8: for the types that are text, for decimals, and for {@link ValueState#SOURCE_TEXT}.
     * Allocates: for edges only.
     *
     * @return the text; bytes that are not UTF-8 are replaced.
     */
    public String text() {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }

    private void checkLength(final int expected) {
        if (length != expected || state != ValueState.VALUE) {
            throw new IllegalStateException(
                "expectedLength=" + expected + " but state=" + state + " length=" + length);
        }
    }
}
