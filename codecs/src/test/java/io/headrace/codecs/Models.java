package io.headrace.codecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingType;
import io.headrace.codecs.sbe.ValueState;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The jqwik thread: messages as plain values, how to draw them, and how to write them with our writers. What is read
 * back is compared with these.
 */
final class Models {
    private static final int MAX_SHORT = 65534;

    private Models() {
    }

    record EventModel(
        EventKind kind,
        int flags,
        long sourceTimeNs,
        byte[] topic,
        byte[] source,
        byte[] messageId,
        byte[] correlationId,
        byte[] sourcePosition,
        byte[] key,
        byte[] payload) {
        int write(final EventWriter writer, final MutableDirectBuffer buffer, final int offset) {
            return writer.wrap(buffer, offset).kind(kind).topic(topic).source(source).messageId(messageId)
                .correlationId(correlationId).sourcePosition(sourcePosition).key(key)
                .payload(payload).flags(flags).sourceTimeNs(sourceTimeNs).length();
        }
    }

    record ValueModel(ValueState state, byte[] bytes) {
    }

    record ColumnModel(
        ColumnType type, boolean key, String name, String typeName, ValueModel before, ValueModel after) {
    }

    record RowChangeModel(
        Operation operation,
        long transactionId,
        long commitTimeNs,
        long lsn,
        long indexInTransaction,
        List<ColumnModel> columns,
        String schemaName,
        String tableName) {
        int write(final RowChangeWriter writer, final MutableDirectBuffer buffer, final int offset) {
            writer.wrap(buffer, offset).operation(operation).transactionId(transactionId)
                .commitTimeNs(commitTimeNs).lsn(lsn).indexInTransaction(indexInTransaction)
                .columnCount(columns.size());
            for (final ColumnModel column : columns) {
                writer.column(column.type(), column.key(), column.name().getBytes(UTF_8),
                    column.typeName().getBytes(UTF_8));
                writeValue(writer, buffer, column.before());
                writeValue(writer, buffer, column.after());
            }
            return writer.table(schemaName.getBytes(UTF_8), tableName.getBytes(UTF_8)).length();
        }

        private static void writeValue(
            final RowChangeWriter writer, final MutableDirectBuffer buffer, final ValueModel value) {
            switch (value.state()) {
                case ABSENT -> writer.absent();
                case NULL_VALUE -> writer.nullValue();
                case UNCHANGED -> writer.unchanged();
                case SOURCE_TEXT -> writer.sourceText(new UnsafeBuffer(value.bytes()), 0, value.bytes().length);
                default -> {
                    final int at = writer.beginValue();
                    buffer.putBytes(at, value.bytes());
                    writer.endValue(value.bytes().length, value.state());
                }
            }
        }
    }

    record ReadingModel(
        long timeNs,
        ReadingType type,
        Quality quality,
        double doubleValue,
        long longValue,
        String sensorId,
        String unit,
        String text) {
        int write(final ReadingWriter writer, final MutableDirectBuffer buffer, final int offset) {
            writer.wrap(buffer, offset).timeNs(timeNs).quality(quality);
            writer.sensorId(sensorId.getBytes(UTF_8)).unit(unit.getBytes(UTF_8));
            switch (type) {
                case FLOAT -> writer.doubleValue(doubleValue);
                case INTEGER -> writer.longValue(longValue);
                case BOOLEAN -> writer.boolValue(longValue != 0);
                default -> writer.text(text.getBytes(UTF_8));
            }
            return writer.length();
        }
    }

    record DocumentModel(String contentType, String schemaReference, byte[] body) {
        int write(final DocumentWriter writer, final MutableDirectBuffer buffer, final int offset) {
            return writer.wrap(buffer, offset).contentType(contentType.getBytes(UTF_8))
                .schemaReference(schemaReference.getBytes(UTF_8)).body(body).length();
        }
    }

    record MarkModel(Mark mark, long transactionId, long commitTimeNs, long commitLsn, long eventCount) {
        int write(final TransactionMarkWriter writer, final MutableDirectBuffer buffer, final int offset) {
            return writer.wrap(buffer, offset).mark(mark).transactionId(transactionId)
                .commitTimeNs(commitTimeNs).commitLsn(commitLsn).eventCount(eventCount).length();
        }
    }

    static Arbitrary<EventModel> events() {
        final Arbitrary<byte[]> id = bytes(40);
        return Combinators.combine(
            Arbitraries.of(EventKind.ROW_CHANGE, EventKind.READING, EventKind.DOCUMENT, EventKind.TRANSACTION),
            Arbitraries.integers().between(0, 0xFFFF),
            Arbitraries.longs(),
            Combinators.combine(bytes(80), bytes(30)).as(List::of),
            Combinators.combine(id, id, id, keys()).as(List::of),
            bytes(3_000))
            .as((kind, flags, time, names, ids, payload) -> new EventModel(
                kind, flags, time, names.get(0), names.get(1), ids.get(0), ids.get(1), ids.get(2), ids.get(3),
                payload));
    }

    static Arbitrary<RowChangeModel> rowChanges() {
        final Arbitrary<Operation> operations = Arbitraries.of(
            Operation.INSERT, Operation.UPDATE, Operation.DELETE, Operation.TRUNCATE, Operation.READ);
        return Combinators.combine(
            operations,
            Combinators.combine(Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs())
                .as(List::of),
            columns().list().ofMaxSize(40),
            text(), text())
            .as((operation, longs, columns, schema, table) -> new RowChangeModel(
                operation, longs.get(0), longs.get(1), longs.get(2), longs.get(3), columns, schema, table));
    }

    static Arbitrary<ReadingModel> readings() {
        return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(ReadingType.FLOAT, ReadingType.INTEGER, ReadingType.BOOLEAN, ReadingType.TEXT),
            Arbitraries.of(Quality.GOOD, Quality.UNCERTAIN, Quality.BAD),
            Arbitraries.doubles(),
            Arbitraries.longs(),
            text(), text(), text())
            .as(Models::reading);
    }

    static Arbitrary<DocumentModel> documents() {
        return Combinators.combine(text(), text(), bytes(3_000)).as(DocumentModel::new);
    }

    static Arbitrary<MarkModel> marks() {
        return Combinators.combine(
            Arbitraries.of(Mark.BEGIN, Mark.COMMIT, Mark.SNAPSHOT_END),
            Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs()).as(MarkModel::new);
    }

    /** Text of all planes of Unicode, without the halves of pairs that UTF-8 has no form for. */
    static Arbitrary<String> text() {
        return Arbitraries.strings().ofMaxLength(30)
            .map(drawn -> new String(drawn.getBytes(UTF_8), UTF_8));
    }

    static byte[] copy(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] copied = new byte[length];
        buffer.getBytes(offset, copied);
        return copied;
    }

    private static ReadingModel reading(
        final long time,
        final ReadingType type,
        final Quality quality,
        final double drawnDouble,
        final long drawnLong,
        final String sensor,
        final String unit,
        final String text) {
        return new ReadingModel(
            time,
            type,
            quality,
            type == ReadingType.FLOAT ? drawnDouble : 0,
            type == ReadingType.INTEGER ? drawnLong : type == ReadingType.BOOLEAN ? drawnLong & 1 : 0,
            sensor,
            unit,
            type == ReadingType.TEXT ? text : "");
    }

    private static Arbitrary<ColumnModel> columns() {
        return Arbitraries.of(ColumnType.values())
            .filter(type -> type.value() != ColumnType.NULL_VAL.value())
            .flatMap(type -> Combinators.combine(
                Arbitraries.of(true, false), text(), text(), values(type), values(type))
                .as((key, name, typeName, before, after) ->
                    new ColumnModel(type, key, name, typeName, before, after)));
    }

    private static Arbitrary<ValueModel> values(final ColumnType type) {
        final Arbitrary<ValueModel> without =
            Arbitraries.of(ValueState.ABSENT, ValueState.NULL_VALUE, ValueState.UNCHANGED)
                .map(state -> new ValueModel(state, new byte[0]));
        final Arbitrary<byte[]> encoded = switch (type) {
            case BOOL -> Arbitraries.of(0, 1).map(value -> new byte[]{value.byteValue()});
            case INT16, INT32, INT64, FLOAT32, FLOAT64, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> exactly(8);
            case UUID -> exactly(16);
            default -> bytes(60);
        };
        return Arbitraries.oneOf(
            without,
            encoded.map(drawn -> new ValueModel(ValueState.VALUE, drawn)),
            text().map(drawn -> new ValueModel(ValueState.SOURCE_TEXT, drawn.getBytes(UTF_8))));
    }

    private static Arbitrary<byte[]> keys() {
        return Arbitraries.frequencyOf(
            Tuple.of(20, bytes(60)),
            Tuple.of(1, exactly(MAX_SHORT).withoutEdgeCases()));
    }

    private static Arbitrary<byte[]> exactly(final int length) {
        return Arbitraries.bytes().array(byte[].class).ofSize(length);
    }

    private static Arbitrary<byte[]> bytes(final int maxLength) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(maxLength);
    }
}
