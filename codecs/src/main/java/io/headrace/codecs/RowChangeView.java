package io.headrace.codecs;

import java.nio.ByteOrder;
import java.util.Arrays;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.GroupSizeEncodingDecoder;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.RowChangeDecoder;
import io.headrace.codecs.sbe.RowChangeDecoder.ColumnsDecoder;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;

/**
 * The thread of the subscription that it belongs to: reads one RowChange that it did not necessarily write.
 *
 * <p>{@link #wrap} walks over the whole message once, checks each column and the length of each value against its type,
 * and keeps where they are, so that columns may be read in any order. The index of columns grows with the widest table
 * seen and is the only thing that is ever allocated. After a refusal there are no columns, {@link #operation()} is
 * null, and everything else is 0 or empty.
 */
public final class RowChangeView {
    private static final int SCHEMA_NAME = 0;
    private static final int TABLE_NAME = 1;
    private static final int FIELD_COUNT = 2;
    private static final int INITIAL_COLUMNS = 32;
    private static final int MIN_COLUMN_LENGTH = ColumnsDecoder.sbeBlockLength() +
        2 * MessageWriter.SHORT_LENGTH_BYTES + 2 * MessageWriter.LONG_LENGTH_BYTES;

    private final RowChangeDecoder decoder = new RowChangeDecoder();
    private final MessageReader reader = new MessageReader(
        RowChangeDecoder.TEMPLATE_ID, RowChangeDecoder.BLOCK_LENGTH, FIELD_COUNT, MessageReader.NO_LONG_FIELD);
    private final RowColumn column = new RowColumn();
    private int[] cache = new int[INITIAL_COLUMNS * RowColumn.CACHED_INTS];
    private int columnCount;
    private Operation operation;

    /** A view of nothing, until it wraps a row change. */
    public RowChangeView() {
        blank();
    }

    /**
     * Checks a row change and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws
     * for what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the message.
     * @param offset of its SBE header.
     * @param length of the message in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = read(buffer, offset, length);
        if (error != DecodeError.NONE) {
            blank();
        }
        return error;
    }

    /**
     * The buffer that holds the message.
     *
     * @return the wrapped buffer itself.
     */
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    /**
     * Where the message begins in the buffer.
     *
     * @return offset of its SBE header.
     */
    public int offset() {
        return reader.offset();
    }

    /**
     * How long the message is.
     *
     * @return length in bytes with the header; 0 if none is wrapped.
     */
    public int length() {
        return reader.length();
    }

    /**
     * What happened to the row.
     *
     * @return the operation; null if no message is wrapped.
     */
    public Operation operation() {
        return operation;
    }

    /**
     * The source's id of the transaction.
     *
     * @return the id; 0 in a snapshot.
     */
    public long transactionId() {
        return decoder.transactionId();
    }

    /**
     * When the transaction was committed, by the source's clock.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long commitTimeNs() {
        return decoder.commitTimeNs();
    }

    /**
     * Place of the row's own record in the source's log.
     *
     * @return the LSN; 0 in a snapshot.
     */
    public long lsn() {
        return decoder.lsn();
    }

    /**
     * Which change of its transaction this is.
     *
     * @return the index, from 0.
     */
    public long indexInTransaction() {
        return decoder.indexInTransaction();
    }

    /**
     * How many columns the message has.
     *
     * @return the count; 0 for a truncated table.
     */
    public int columnCount() {
        return columnCount;
    }

    /**
     * One column, in any order.
     *
     * @param index from 0, in the table's order.
     * @return a flyweight, the same one each time.
     */
    public RowColumn column(final int index) {
        if (index < 0 || index >= columnCount) {
            throw new IndexOutOfBoundsException("index=" + index + " is not within columnCount=" + columnCount);
        }
        column.wrap(reader.buffer(), cache, index);
        return column;
    }

    /**
     * Finds a column by its name, without allocating. Compares with each column in turn: keep the answer while the
     * table does not change.
     *
     * @param name in UTF-8.
     * @return its index, or -1 if there is none of this name.
     */
    public int columnIndex(final byte[] name) {
        for (int i = 0; i < columnCount; i++) {
            final int at = i * RowColumn.CACHED_INTS + RowColumn.NAME;
            if (Bytes.equal(reader.buffer(), cache[at], cache[at + 1], name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The schema that the table is in.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int schemaNameOffset() {
        return reader.fieldOffset(SCHEMA_NAME);
    }

    /**
     * The schema that the table is in.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int schemaNameLength() {
        return reader.fieldLength(SCHEMA_NAME);
    }

    /**
     * The schema that the table is in. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String schemaName() {
        return reader.text(SCHEMA_NAME);
    }

    /**
     * Name of the table.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int tableNameOffset() {
        return reader.fieldOffset(TABLE_NAME);
    }

    /**
     * Name of the table.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int tableNameLength() {
        return reader.fieldLength(TABLE_NAME);
    }

    /**
     * Name of the table. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String tableName() {
        return reader.text(TABLE_NAME);
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        operation = Enums.operation(decoder.operationRaw());
        if (operation == null) {
            return DecodeError.BAD_ENUM;
        }
        final DecodeError columnsError = readColumns(buffer);
        return columnsError == DecodeError.NONE ? reader.fields() : columnsError;
    }

    private DecodeError readColumns(final DirectBuffer buffer) {
        if (reader.remaining() < GroupSizeEncodingDecoder.ENCODED_LENGTH) {
            return DecodeError.TRUNCATED;
        }
        final int blockLength = unsignedShort(buffer, GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        final int count = unsignedShort(buffer, GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        reader.skip(GroupSizeEncodingDecoder.ENCODED_LENGTH);
        // An empty group has no entry whose block could be too short; some writers leave the length 0 then.
        if (count > 0 && blockLength < ColumnsDecoder.sbeBlockLength()) {
            return DecodeError.BAD_BLOCK;
        }
        if (count > ColumnsDecoder.countMaxValue()) {
            return DecodeError.BAD_LENGTH;
        }
        // Before the index grows: a count that the message cannot hold must not make us allocate.
        if ((long)count * MIN_COLUMN_LENGTH > reader.remaining()) {
            return DecodeError.TRUNCATED;
        }
        if (count * RowColumn.CACHED_INTS > cache.length) {
            cache = Arrays.copyOf(cache, count * RowColumn.CACHED_INTS);
        }
        for (int i = 0; i < count; i++) {
            final DecodeError error = readColumn(buffer, blockLength, i * RowColumn.CACHED_INTS);
            if (error != DecodeError.NONE) {
                return error;
            }
        }
        columnCount = count;
        return DecodeError.NONE;
    }

    private DecodeError readColumn(final DirectBuffer buffer, final int blockLength, final int at) {
        if (reader.remaining() < blockLength) {
            return DecodeError.TRUNCATED;
        }
        final int entry = reader.position();
        cache[at + RowColumn.ENTRY] = entry;
        reader.skip(blockLength);
        final ColumnType type =
            Enums.columnType(buffer.getByte(entry + ColumnsDecoder.columnTypeEncodingOffset()) & 0xFF);
        final ValueState before =
            Enums.valueState(buffer.getByte(entry + ColumnsDecoder.beforeStateEncodingOffset()) & 0xFF);
        final ValueState after =
            Enums.valueState(buffer.getByte(entry + ColumnsDecoder.afterStateEncodingOffset()) & 0xFF);
        if (type == null || before == null || after == null) {
            return DecodeError.BAD_ENUM;
        }
        DecodeError error = readField(at + RowColumn.NAME, false);
        if (error == DecodeError.NONE) {
            error = readField(at + RowColumn.TYPE_NAME, false);
        }
        if (error == DecodeError.NONE) {
            error = readValue(buffer, type, before, at + RowColumn.BEFORE);
        }
        return error == DecodeError.NONE ? readValue(buffer, type, after, at + RowColumn.AFTER) : error;
    }

    private DecodeError readValue(
        final DirectBuffer buffer, final ColumnType type, final ValueState state, final int at) {
        final DecodeError error = readField(at, true);
        if (error != DecodeError.NONE) {
            return error;
        }
        if (!ValueFormat.lengthFits(type, state, cache[at + 1])) {
            return DecodeError.BAD_LENGTH;
        }
        return type == ColumnType.BOOL && state == ValueState.VALUE && (buffer.getByte(cache[at]) & 0xFE) != 0 ?
            DecodeError.BAD_VALUE : DecodeError.NONE;
    }

    private DecodeError readField(final int at, final boolean isLong) {
        final DecodeError error = reader.next(isLong);
        if (error == DecodeError.NONE) {
            cache[at] = reader.position();
            cache[at + 1] = reader.nextLength();
            reader.skip(reader.nextLength());
        }
        return error;
    }

    private int unsignedShort(final DirectBuffer buffer, final int offsetInHeader) {
        return buffer.getShort(reader.position() + offsetInHeader, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
        operation = null;
        columnCount = 0;
    }
}
