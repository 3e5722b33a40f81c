package io.headrace.codecs;

import java.nio.ByteOrder;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.GroupSizeEncodingEncoder;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.RowChangeEncoder;
import io.headrace.codecs.sbe.RowChangeEncoder.ColumnsEncoder;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The source's thread: encodes one RowChange, in place in an Event's payload or in a buffer of the source's own.
 *
 * <p>Order: the fixed fields, {@link #columnCount(int)}, then for each column {@code column(...)} and exactly two
 * values, the one before the change and the one after it, and {@link #table(byte[], byte[])} last. Only the operation
 * has no default. Misuse throws, as in {@link EventWriter}; a value whose length is not that of its column's type is
 * an {@link IllegalArgumentException}, because every reader would refuse it.
 */
public final class RowChangeWriter {
    private static final int SCHEMA_NAME = 0;
    private static final int TABLE_NAME = 1;
    private static final int FIELD_COUNT = 2;
    private static final int BOOL_LENGTH = 1;
    private static final int NO_VALUE_EXPECTED = 2;

    private final RowChangeEncoder encoder = new RowChangeEncoder();
    private final MessageWriter writer = new MessageWriter(
        RowChangeEncoder.TEMPLATE_ID, RowChangeEncoder.BLOCK_LENGTH, FIELD_COUNT, MessageWriter.NO_LONG_FIELD);

    private MutableDirectBuffer buffer;
    private boolean counted;
    private int columnsLeft;
    private int entryOffset;
    private int nextValue = NO_VALUE_EXPECTED;
    private ColumnType type;

    /**
     * Starts a row change: writes the SBE header and clears the block.
     *
     * @param target to encode into.
     * @param offset where the message begins.
     * @return this.
     */
    public RowChangeWriter wrap(final MutableDirectBuffer target, final int offset) {
        writer.wrap(target, offset);
        return started(target);
    }

    /**
     * Starts a row change: writes the SBE header and clears the block.
     *
     * <p>It may use only a part of the buffer, because what lies behind that part belongs to somebody else.
     *
     * @param target         to encode into.
     * @param offset         where the message begins.
     * @param maxLengthBytes that it may take; {@link IndexOutOfBoundsException} when it would take more.
     * @return this.
     */
    public RowChangeWriter wrap(final MutableDirectBuffer target, final int offset, final int maxLengthBytes) {
        writer.wrap(target, offset, maxLengthBytes);
        return started(target);
    }

    /**
     * What happened to the row. Required.
     *
     * @param operation of the source.
     * @return this.
     */
    public RowChangeWriter operation(final Operation operation) {
        encoder.operation(operation);
        return this;
    }

    /**
     * The source's id of the transaction.
     *
     * @param transactionId of the source; 0 in a snapshot.
     * @return this.
     */
    public RowChangeWriter transactionId(final long transactionId) {
        encoder.transactionId(transactionId);
        return this;
    }

    /**
     * When the transaction was committed, by the source's clock.
     *
     * @param commitTimeNs since the Unix epoch.
     * @return this.
     */
    public RowChangeWriter commitTimeNs(final long commitTimeNs) {
        encoder.commitTimeNs(commitTimeNs);
        return this;
    }

    /**
     * Place of the row's own record in the source's log.
     *
     * @param lsn of the source; 0 in a snapshot.
     * @return this.
     */
    public RowChangeWriter lsn(final long lsn) {
        encoder.lsn(lsn);
        return this;
    }

    /**
     * Which change of its transaction this is.
     *
     * @param indexInTransaction from 0.
     * @return this.
     */
    public RowChangeWriter indexInTransaction(final long indexInTransaction) {
        encoder.indexInTransaction(indexInTransaction);
        return this;
    }

    /**
     * Opens the columns. Exactly so many must follow.
     *
     * @param count of columns, 0 for a truncated table, at most 65534.
     * @return this.
     */
    public RowChangeWriter columnCount(final int count) {
        if (buffer == null || counted) {
            throw new IllegalStateException("columnCount=" + count + " must come once, after wrap");
        }
        if (count < 0 || count > ColumnsEncoder.countMaxValue()) {
            throw new IllegalArgumentException(
                "columnCount=" + count + " is not within 0.." + ColumnsEncoder.countMaxValue());
        }
        final int at = writer.claim(GroupSizeEncodingEncoder.ENCODED_LENGTH);
        buffer.putShort(
            at + GroupSizeEncodingEncoder.blockLengthEncodingOffset(),
            (short)ColumnsEncoder.sbeBlockLength(),
            ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(
            at + GroupSizeEncodingEncoder.numInGroupEncodingOffset(), (short)count, ByteOrder.LITTLE_ENDIAN);
        counted = true;
        columnsLeft = count;
        return this;
    }

    /**
     * Opens the next column. Two values must follow: before, then after.
     *
     * @param columnType how the bytes of its values are to be read.
     * @param key        whether it is part of the row's identity.
     * @param name       of the column, in UTF-8.
     * @param typeName   the source's own name of the type, in UTF-8.
     * @return this.
     */
    public RowChangeWriter column(
        final ColumnType columnType, final boolean key, final byte[] name, final byte[] typeName) {
        openColumn(columnType, key);
        writer.append(name, false);
        writer.append(typeName, false);
        nextValue = 0;
        return this;
    }

    /**
     * Opens the next column. Two values must follow: before, then after.
     *
     * @param columnType how the bytes of its values are to be read.
     * @param key        whether it is part of the row's identity.
     * @param source     that holds the column's name in UTF-8.
     * @param offset     of the name's first byte.
     * @param lengthBytes of the name.
     * @param typeName   the source's own name of the type, in UTF-8.
     * @return this.
     */
    public RowChangeWriter column(
        final ColumnType columnType,
        final boolean key,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes,
        final byte[] typeName) {
        openColumn(columnType, key);
        writer.append(source, offset, lengthBytes, false);
        writer.append(typeName, false);
        nextValue = 0;
        return this;
    }

    /**
     * The value is not part of this image of the row.
     *
     * @return this.
     */
    public RowChangeWriter absent() {
        return noBytes(ValueState.ABSENT);
    }

    /**
     * The value is SQL's NULL.
     *
     * @return this.
     */
    public RowChangeWriter nullValue() {
        return noBytes(ValueState.NULL_VALUE);
    }

    /**
     * The source did not send this large value, as it did not change.
     *
     * @return this.
     */
    public RowChangeWriter unchanged() {
        return noBytes(ValueState.UNCHANGED);
    }

    /**
     * A value of one of the integer, date and time types.
     *
     * @param value in the unit of its type: a number, days, or microseconds.
     * @return this.
     */
    public RowChangeWriter longValue(final long value) {
        final int at = beginFixed(Long.BYTES);
        buffer.putLong(at, value, ByteOrder.LITTLE_ENDIAN);
        return endValue(Long.BYTES, ValueState.VALUE);
    }

    /**
     * A value of a floating point type.
     *
     * @param value of the column.
     * @return this.
     */
    public RowChangeWriter doubleValue(final double value) {
        return longValue(Double.doubleToRawLongBits(value));
    }

    /**
     * A boolean value.
     *
     * @param value of the column.
     * @return this.
     */
    public RowChangeWriter boolValue(final boolean value) {
        final int at = beginFixed(BOOL_LENGTH);
        buffer.putByte(at, (byte)(value ? 1 : 0));
        return endValue(BOOL_LENGTH, ValueState.VALUE);
    }

    /**
     * A UUID.
     *
     * @param hi its most significant 64 bits.
     * @param lo its least significant 64 bits.
     * @return this.
     */
    public RowChangeWriter uuidValue(final long hi, final long lo) {
        final int at = beginFixed(2 * Long.BYTES);
        buffer.putLong(at, hi, ByteOrder.BIG_ENDIAN);
        buffer.putLong(at + Long.BYTES, lo, ByteOrder.BIG_ENDIAN);
        return endValue(2 * Long.BYTES, ValueState.VALUE);
    }

    /**
     * A value that is already in the encoding of its type: text, a decimal's digits, bytes.
     *
     * @param source      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 1 GiB.
     * @return this.
     */
    public RowChangeWriter bytes(final DirectBuffer source, final int offset, final int lengthBytes) {
        startValue(ValueState.VALUE, lengthBytes);
        writer.append(source, offset, lengthBytes, true);
        return this;
    }

    /**
     * A value that is already in the encoding of its type: text, a decimal's digits, bytes.
     *
     * @param value its bytes.
     * @return this.
     */
    public RowChangeWriter bytes(final byte[] value) {
        startValue(ValueState.VALUE, value.length);
        writer.append(value, true);
        return this;
    }

    /**
     * The source's text of a value that the type's encoding cannot hold, such as infinity as a timestamp.
     *
     * @param source      that holds it in UTF-8.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 1 GiB.
     * @return this.
     */
    public RowChangeWriter sourceText(final DirectBuffer source, final int offset, final int lengthBytes) {
        startValue(ValueState.SOURCE_TEXT, lengthBytes);
        writer.append(source, offset, lengthBytes, true);
        return this;
    }

    /**
     * Begins a value that is encoded in place. End it with {@link #endValue(int, ValueState)}.
     *
     * @return the absolute offset in the wrapped buffer where the value's first byte belongs.
     */
    public int beginValue() {
        checkValueExpected();
        return writer.beginLong();
    }

    /**
     * Ends a value that was encoded in place.
     *
     * @param lengthBytes of what was encoded from {@link #beginValue()} on.
     * @param state       {@link ValueState#VALUE} or {@link ValueState#SOURCE_TEXT}; any other if it became none, with
     *                    a length of 0.
     * @return this.
     */
    public RowChangeWriter endValue(final int lengthBytes, final ValueState state) {
        startValue(state, lengthBytes);
        writer.endLong(lengthBytes);
        return this;
    }

    /**
     * The table. Must come last.
     *
     * @param schemaName in UTF-8.
     * @param tableName  in UTF-8.
     * @return this.
     */
    public RowChangeWriter table(final byte[] schemaName, final byte[] tableName) {
        checkColumnsDone();
        writer.field(SCHEMA_NAME, schemaName);
        writer.field(TABLE_NAME, tableName);
        return this;
    }

    /**
     * Length of the message, once the table is written.
     *
     * @return length in bytes with the header.
     */
    public int length() {
        checkColumnsDone();
        return writer.finish();
    }

    private RowChangeWriter started(final MutableDirectBuffer target) {
        encoder.wrap(target, writer.blockOffset());
        buffer = target;
        counted = false;
        columnsLeft = 0;
        nextValue = NO_VALUE_EXPECTED;
        return this;
    }

    private void openColumn(final ColumnType columnType, final boolean key) {
        if (columnsLeft <= 0 || nextValue < NO_VALUE_EXPECTED) {
            throw new IllegalStateException(
                "columnsLeft=" + columnsLeft + " nextValue=" + nextValue + " allow no further column");
        }
        entryOffset = writer.claim(ColumnsEncoder.sbeBlockLength());
        buffer.putByte(entryOffset + ColumnsEncoder.columnTypeEncodingOffset(), (byte)columnType.value());
        buffer.putByte(entryOffset + ColumnsEncoder.columnFlagsEncodingOffset(), (byte)(key ? RowColumn.KEY : 0));
        type = columnType;
        columnsLeft--;
    }

    private RowChangeWriter noBytes(final ValueState state) {
        startValue(state, 0);
        writer.beginLong();
        writer.endLong(0);
        return this;
    }

    private int beginFixed(final int lengthBytes) {
        final int at = beginValue();
        writer.ensure(lengthBytes);
        return at;
    }

    private void startValue(final ValueState state, final int lengthBytes) {
        checkValueExpected();
        if (!ValueFormat.lengthFits(type, state, lengthBytes)) {
            throw new IllegalArgumentException(
                "length=" + lengthBytes + " does not fit type=" + type + " state=" + state);
        }
        final int stateOffset = nextValue == 0 ?
            ColumnsEncoder.beforeStateEncodingOffset() : ColumnsEncoder.afterStateEncodingOffset();
        buffer.putByte(entryOffset + stateOffset, (byte)state.value());
        nextValue++;
    }

    private void checkColumnsDone() {
        if (!counted || columnsLeft > 0 || nextValue < NO_VALUE_EXPECTED) {
            throw new IllegalStateException("columnsLeft=" + columnsLeft + " and their values come before the table");
        }
    }

    private void checkValueExpected() {
        if (nextValue >= NO_VALUE_EXPECTED) {
            throw new IllegalStateException("a value must follow its column, which has one before and one after");
        }
    }
}
