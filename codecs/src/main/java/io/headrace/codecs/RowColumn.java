package io.headrace.codecs;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.RowChangeDecoder.ColumnsDecoder;
import org.agrona.DirectBuffer;

/**
 * The thread of the view that it belongs to: one column of a row change. A flyweight that
 * {@link RowChangeView#column(int)} moves; keep no reference to it across columns.
 */
public final class RowColumn {
    static final int KEY = 1;

    /** What is cached of each column, as offsets and lengths in the buffer. */
    static final int ENTRY = 0;
    static final int NAME = 1;
    static final int TYPE_NAME = 3;
    static final int BEFORE = 5;
    static final int AFTER = 7;
    static final int CACHED_INTS = 9;

    private final ValueView before = new ValueView();
    private final ValueView after = new ValueView();
    private DirectBuffer buffer;
    private int entryOffset;
    private int nameOffset;
    private int nameLength;
    private int typeNameOffset;
    private int typeNameLength;

    RowColumn() {
    }

    void wrap(final DirectBuffer source, final int[] cache, final int index) {
        final int at = index * CACHED_INTS;
        buffer = source;
        entryOffset = cache[at + ENTRY];
        nameOffset = cache[at + NAME];
        nameLength = cache[at + NAME + 1];
        typeNameOffset = cache[at + TYPE_NAME];
        typeNameLength = cache[at + TYPE_NAME + 1];
        before.wrap(
            source,
            Enums.valueState(blockByte(ColumnsDecoder.beforeStateEncodingOffset())),
            cache[at + BEFORE],
            cache[at + BEFORE + 1]);
        after.wrap(
            source,
            Enums.valueState(blockByte(ColumnsDecoder.afterStateEncodingOffset())),
            cache[at + AFTER],
            cache[at + AFTER + 1]);
    }

    /**
     * The buffer that holds the column.
     *
     * @return the buffer that the row change was wrapped in.
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * How the bytes of the values are to be read.
     *
     * @return the type.
     */
    public ColumnType type() {
        return Enums.columnType(blockByte(ColumnsDecoder.columnTypeEncodingOffset()));
    }

    /**
     * Whether the column is part of the row's identity.
     *
     * @return true for a key column.
     */
    public boolean key() {
        return (blockByte(ColumnsDecoder.columnFlagsEncodingOffset()) & KEY) != 0;
    }

    /**
     * Name of the column. Allocates: for edges only.
     *
     * @return the text; bytes that are not UTF-8 are replaced.
     */
    public String name() {
        return buffer.getStringWithoutLengthUtf8(nameOffset, nameLength);
    }

    /**
     * Name of the column.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int nameOffset() {
        return nameOffset;
    }

    /**
     * Name of the column.
     *
     * @return its length in bytes.
     */
    public int nameLength() {
        return nameLength;
    }

    /**
     * Compares the column's name without allocating.
     *
     * @param name in UTF-8.
     * @return whether the bytes are the same.
     */
    public boolean nameEquals(final byte[] name) {
        return Bytes.equal(buffer, nameOffset, nameLength, name);
    }

    /**
     * The source's own name of the type. Allocates: for edges only.
     *
     * @return the text; bytes that are not UTF-8 are replaced.
     */
    public String typeName() {
        return buffer.getStringWithoutLengthUtf8(typeNameOffset, typeNameLength);
    }

    /**
     * The source's own name of the type.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int typeNameOffset() {
        return typeNameOffset;
    }

    /**
     * The source's own name of the type.
     *
     * @return its length in bytes.
     */
    public int typeNameLength() {
        return typeNameLength;
    }

    /**
     * The value before the change.
     *
     * @return a flyweight, the same one each time.
     */
    public ValueView before() {
        return before;
    }

    /**
     * The value after the change.
     *
     * @return a flyweight, the same one each time.
     */
    public ValueView after() {
        return after;
    }

    private int blockByte(final int offsetInBlock) {
        return buffer.getByte(entryOffset + offsetInBlock) & 0xFF;
    }
}
