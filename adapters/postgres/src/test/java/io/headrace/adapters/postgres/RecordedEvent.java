package io.headrace.adapters.postgres;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.ValueState;
import org.agrona.DirectBuffer;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** An event as a test looks at it: copied out of the ring, values as text, absent ones left out. */
record RecordedEvent(
    long sequence,
    EventKind kind,
    String topic,
    String what,
    Map<String, String> before,
    Map<String, String> after,
    Map<String, String> types,
    String keyColumns,
    String key,
    String position,
    long transactionId,
    long index,
    long sourceTimeNs,
    boolean snapshot,
    boolean inTransaction) {

    static RecordedEvent of(final EventView event) {
        final DirectBuffer buffer = event.buffer();
        final Map<String, String> before = new LinkedHashMap<>();
        final Map<String, String> after = new LinkedHashMap<>();
        final Map<String, String> types = new LinkedHashMap<>();
        final StringBuilder keys = new StringBuilder();
        String what = "";
        long transactionId = 0;
        long index = 0;
        switch (event.kind()) {
            case ROW_CHANGE -> {
                final RowChangeView row = new RowChangeView();
                check(row.wrap(buffer, event.payloadOffset(), event.payloadLength()));
                what = row.operation().name();
                transactionId = row.transactionId();
                index = row.indexInTransaction();
                for (int i = 0; i < row.columnCount(); i++) {
                    final RowColumn column = row.column(i);
                    final String name = column.name();
                    types.put(name, column.typeName());
                    put(before, name, column.type(), column.before());
                    put(after, name, column.type(), column.after());
                    keys.append(column.key() ? (keys.isEmpty() ? "" : ",") + name : "");
                }
            }
            case TRANSACTION -> {
                final TransactionMarkView mark = new TransactionMarkView();
                check(mark.wrap(buffer, event.payloadOffset(), event.payloadLength()));
                what = mark.mark().name();
                transactionId = mark.transactionId();
                index = mark.eventCount();
            }
            case DOCUMENT -> {
                final DocumentView document = new DocumentView();
                check(document.wrap(buffer, event.payloadOffset(), event.payloadLength()));
                what = document.contentType() + " " + document.schemaReference() + " " +
                    buffer.getStringWithoutLengthUtf8(document.bodyOffset(), document.bodyLength());
            }
            default -> throw new IllegalStateException("kind=" + event.kind());
        }
        return new RecordedEvent(
            event.sequence(), event.kind(), event.topic(), what, before, after, types, keys.toString(),
            hex(buffer, event.keyOffset(), event.keyLength()),
            hex(buffer, event.sourcePositionOffset(), event.sourcePositionLength()),
            transactionId, index, event.sourceTimeNs(),
            (event.flags() & EventWriter.SNAPSHOT) != 0, (event.flags() & EventWriter.IN_TRANSACTION) != 0);
    }

    private static void check(final DecodeError error) {
        if (error != DecodeError.NONE) {
            throw new IllegalStateException(error.description());
        }
    }

    private static String hex(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void put(
        final Map<String, String> image, final String name, final ColumnType type, final ValueView value) {
        if (value.state() == ValueState.ABSENT) {
            return;
        }
        image.put(name, switch (value.state()) {
            case NULL_VALUE -> "NULL";
            case UNCHANGED -> "UNCHANGED";
            case SOURCE_TEXT -> "TEXT:" + ascii(value);
            default -> switch (type) {
                case BOOL -> String.valueOf(value.boolValue());
                case INT16, INT32, INT64, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> String.valueOf(value.longValue());
                case FLOAT32, FLOAT64 -> String.valueOf(value.doubleValue());
                case UUID -> new java.util.UUID(value.uuidHi(), value.uuidLo()).toString();
                case BYTES -> hex(value.buffer(), value.offset(), value.length());
                default -> ascii(value);
            };
        });
    }

    private static String ascii(final ValueView value) {
        return value.buffer().getStringWithoutLengthUtf8(value.offset(), value.length());
    }

    /** For comparing what happened without when and where. */
    String summary() {
        return switch (kind) {
            case ROW_CHANGE -> what + " " + topic + " " + before + " " + after;
            case TRANSACTION -> what;
            default -> topic + " " + what;
        };
    }

    static boolean increasing(final Iterable<RecordedEvent> events) {
        byte[] last = new byte[0];
        for (final RecordedEvent event : events) {
            final byte[] position = HexFormat.of().parseHex(event.position);
            if (Arrays.compareUnsigned(last, position) >= 0) {
                return false;
            }
            last = position;
        }
        return true;
    }
}
