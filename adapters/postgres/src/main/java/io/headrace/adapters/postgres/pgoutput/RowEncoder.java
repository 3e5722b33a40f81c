package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.EventWriter;
import io.headrace.codecs.KeyHash;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The source's thread: encodes one row, straight from the text in the message into the event's place in the ring.
 *
 * <p>The event's key comes before the row in an event, so it is encoded first, apart: for each column of the row's
 * identity (each column at all without one) four bytes of length and the encoded value. It is taken from the row
 * before the change wherever that is known, so that a change of the key itself stays in the old key's lane.
 */
final class RowEncoder {
    private static final int KEY_NULL = -1;
    private static final int KEY_UNKNOWN = -2;
    private static final int MAX_KEY_BYTES = 65_534;
    private static final int LONG_KEY_PREFIX_BYTES = 1024;

    private final RowChangeWriter rowWriter = new RowChangeWriter();
    private final ExpandableArrayBuffer keyBuffer = new ExpandableArrayBuffer(256);
    private int keyLength;

    /** Encodes the key of a row and answers its length in bytes. */
    int encodeKey(final Relation relation, final Tuple before, final Tuple after) {
        int position = 0;
        for (int i = 0; i < relation.columnCount(); i++) {
            if (relation.key[i] || !relation.keyed) {
                position = appendToKey(relation, before.value(i) == Tuple.Value.ABSENT ? after : before, i, position);
            }
        }
        if (position > MAX_KEY_BYTES) {
            // Still the same for the same row, and different for different ones, as far as a hash tells.
            final long hash = KeyHash.of(keyBuffer, 0, position);
            keyBuffer.putLong(LONG_KEY_PREFIX_BYTES, hash, ByteOrder.LITTLE_ENDIAN);
            position = LONG_KEY_PREFIX_BYTES + Long.BYTES;
        }
        keyLength = position;
        return position;
    }

    private int appendToKey(final Relation relation, final Tuple tuple, final int column, final int position) {
        final int valueAt = position + Integer.BYTES;
        int length = KEY_UNKNOWN;
        if (tuple.value(column) == Tuple.Value.TEXT) {
            final int textLength = tuple.length(column);
            keyBuffer.checkLimit(valueAt + TextValues.maxEncodedLength(relation.types[column], textLength));
            final int encoded = TextValues.encode(
                relation.types[column], tuple.buffer(), tuple.offset(column), textLength, keyBuffer, valueAt);
            length = encoded < 0 ? ~encoded : encoded;
        } else if (tuple.value(column) == Tuple.Value.NULL) {
            length = KEY_NULL;
        }
        keyBuffer.putInt(position, length, ByteOrder.LITTLE_ENDIAN);
        return valueAt + Math.max(0, length);
    }

    void writeKey(final EventWriter writer) {
        writer.key(keyBuffer, 0, keyLength);
    }

    /** An upper bound of the encoded row's length, as a long because a row may be longer than any event. */
    long maxLength(final Relation relation, final Tuple before, final Tuple after) {
        long length = relation.rowOverheadBytes;
        for (int i = 0; i < relation.columnCount(); i++) {
            length += maxLength(relation, before, i);
            length += maxLength(relation, filled(before, after, i), i);
        }
        return length;
    }

    private static int maxLength(final Relation relation, final Tuple tuple, final int column) {
        return tuple.value(column) == Tuple.Value.TEXT ?
            TextValues.maxEncodedLength(relation.types[column], tuple.length(column)) : 0;
    }

    /** Where the value after the change is: a large one that did not change may be known from before. */
    private static Tuple filled(final Tuple before, final Tuple after, final int column) {
        return after.value(column) == Tuple.Value.UNCHANGED && before.value(column) == Tuple.Value.TEXT ?
            before : after;
    }

    /** Starts the row's message; the caller sets its fixed fields. */
    RowChangeWriter wrap(final MutableDirectBuffer buffer, final int offset) {
        return rowWriter.wrap(buffer, offset);
    }

    /** Writes the columns and the table, and answers the length of the whole message. */
    int encode(
        final MutableDirectBuffer buffer, final Relation relation, final Tuple before, final Tuple after) {
        rowWriter.columnCount(relation.columnCount());
        for (int i = 0; i < relation.columnCount(); i++) {
            rowWriter.column(relation.types[i], relation.key[i], relation.columnNames[i], relation.typeNames[i]);
            encodeValue(buffer, relation, before, i);
            encodeValue(buffer, relation, filled(before, after, i), i);
        }
        return rowWriter.table(relation.schemaName, relation.tableName).length();
    }

    int encodeNoColumns(final Relation relation) {
        return rowWriter.columnCount(0).table(relation.schemaName, relation.tableName).length();
    }

    private void encodeValue(
        final MutableDirectBuffer buffer, final Relation relation, final Tuple tuple, final int column) {
        switch (tuple.value(column)) {
            case ABSENT -> rowWriter.absent();
            case NULL -> rowWriter.nullValue();
            case UNCHANGED -> rowWriter.unchanged();
            case TEXT -> {
                final int at = rowWriter.beginValue();
                final int encoded = TextValues.encode(
                    relation.types[column], tuple.buffer(), tuple.offset(column), tuple.length(column), buffer, at);
                rowWriter.endValue(
                    encoded < 0 ? ~encoded : encoded, encoded < 0 ? ValueState.SOURCE_TEXT : ValueState.VALUE);
            }
        }
    }
}
