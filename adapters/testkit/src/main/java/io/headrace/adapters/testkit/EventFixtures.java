package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ValueState;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import static io.headrace.adapters.testkit.EventFixture.utf8;

/** Valid events of every kind, for tests. Safe for any thread. */
public final class EventFixtures {
    /** The column of {@link #numberedRow} that is its key, a text. */
    public static final String KEY_COLUMN = "item";
    /** The column of {@link #numberedRow} that holds its number, a 64-bit integer. */
    public static final String NUMBER_COLUMN = "number";

    private static final byte[] SCHEMA = utf8("public");
    private static final byte[] TABLE = utf8("item");
    private static final byte[] TEXT_TYPE = utf8("text");
    private static final byte[] BIGINT_TYPE = utf8("int8");
    private static final int NUMBERED_COLUMNS = 2;
    private static final int MAX_BATCH_BYTES = 16 << 20;

    private EventFixtures() {
    }

    /**
     * A row of the table {@code public.item} in its state of some moment: an insert of {@link #KEY_COLUMN} and
     * {@link #NUMBER_COLUMN}, on the topic {@code erp.public.item}.
     *
     * @param key    of the row.
     * @param number that tells this change from others; also in the source position.
     * @return the event.
     */
    public static EncodedEvent numberedRow(final String key, final long number) {
        return new EventFixture().key(key).sourcePosition(number, 0).row(writer -> {
            writer.operation(Operation.INSERT).transactionId(number).commitTimeNs(EventFixture.SOURCE_TIME_NS)
                .lsn(number).columnCount(NUMBERED_COLUMNS);
            writer.column(ColumnType.TEXT, true, utf8(KEY_COLUMN), TEXT_TYPE).absent().bytes(utf8(key));
            writer.column(ColumnType.INT64, false, utf8(NUMBER_COLUMN), BIGINT_TYPE).absent().longValue(number);
            return writer.table(SCHEMA, TABLE).length();
        });
    }

    /**
     * The number of a {@link #numberedRow}.
     *
     * @param event of any kind.
     * @return its number, or -1 when it is no row change whose state afterwards has one.
     */
    public static long numberOf(final EventView event) {
        final RowChangeView row = new RowChangeView();
        if (row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) != DecodeError.NONE) {
            return -1;
        }
        final int column = row.columnIndex(utf8(NUMBER_COLUMN));
        final boolean hasNumber = column >= 0 && row.column(column).type() == ColumnType.INT64
            && row.column(column).after().state() == ValueState.VALUE;
        return hasNumber ? row.column(column).after().longValue() : -1;
    }

    /**
     * A reading of a sensor.
     *
     * @param sensorId of the sensor; also the event's key.
     * @param value    of the reading, in degrees Celsius.
     * @return the event, on the topic {@code machines.SENSOR}.
     */
    public static EncodedEvent reading(final String sensorId, final double value) {
        return sensor(sensorId).reading(writer -> writer.timeNs(EventFixture.SOURCE_TIME_NS)
            .doubleValue(value).sensorId(utf8(sensorId)).unit(utf8("Cel")).length());
    }

    private static EventFixture sensor(final String sensorId) {
        return new EventFixture().source("machines").topic("machines." + sensorId).key(sensorId);
    }

    /** {@return a reading of each type of value, and of each quality} */
    public static List<EncodedEvent> readingsOfEveryType() {
        final byte[] id = utf8("press-1");
        return List.of(
            reading("press-1", 36.75),
            sensor("press-1").reading(writer -> writer.timeNs(1).longValue(-7).sensorId(id).length()),
            sensor("press-1").reading(writer ->
                writer.timeNs(2).quality(Quality.UNCERTAIN).boolValue(true).sensorId(id).length()),
            sensor("press-1").reading(writer ->
                writer.timeNs(3).quality(Quality.BAD).sensorId(id).text(utf8("Störung 7")).length()));
    }

    /**
     * A document of JSON.
     *
     * @param key  of the event.
     * @param json the body.
     * @return the event, on the topic {@code erp.message.note}.
     */
    public static EncodedEvent document(final String key, final String json) {
        return new EventFixture().topic("erp.message.note").key(key).document("application/json", utf8(json));
    }

    /**
     * A whole transaction: its begin mark, its rows, its commit mark.
     *
     * @param transactionId of the source.
     * @param key           of every row.
     * @param firstNumber   of the rows.
     * @param rowCount      how many rows.
     * @return the events in order.
     */
    public static List<EncodedEvent> transaction(
        final long transactionId, final String key, final long firstNumber, final int rowCount) {
        final List<EncodedEvent> rows = new ArrayList<>();
        for (int i = 0; i < rowCount; i++) {
            rows.add(numberedRow(key, firstNumber + i));
        }
        return transaction(transactionId, rows);
    }

    /**
     * A whole transaction: its begin mark, the given events marked as being part of it, its commit mark.
     *
     * @param transactionId of the source.
     * @param rows          at least one; the marks name the source of the first.
     * @return the events in order.
     */
    public static List<EncodedEvent> transaction(final long transactionId, final List<EncodedEvent> rows) {
        final String source = rows.get(0).view().source();
        final List<EncodedEvent> events = new ArrayList<>();
        events.add(mark(source, Mark.BEGIN, transactionId, 0));
        rows.forEach(row -> events.add(row.inTransaction()));
        events.add(mark(source, Mark.COMMIT, transactionId, rows.size()));
        return events;
    }

    /**
     * The begin or the commit of a transaction.
     *
     * @param source        its name.
     * @param mark          which.
     * @param transactionId of the source.
     * @param eventCount    of the whole transaction; 0 in a begin.
     * @return the event, on the topic {@code SOURCE.transaction}.
     */
    public static EncodedEvent mark(
        final String source, final Mark mark, final long transactionId, final long eventCount) {
        return new EventFixture().source(source).topic(source + ".transaction").mark(writer -> writer.mark(mark)
            .transactionId(transactionId).commitTimeNs(EventFixture.SOURCE_TIME_NS).commitLsn(transactionId)
            .eventCount(eventCount).length());
    }

    /**
     * An update of a row with a column of every type, a null and a large value that did not change.
     *
     * @return the event, on the topic {@code erp.public.everything}.
     */
    public static EncodedEvent rowOfEveryColumnType() {
        return new EventFixture().topic("erp.public.everything").key("1").row(EventFixtures::everyColumnType);
    }

    private static int everyColumnType(final RowChangeWriter writer) {
        final List<ColumnType> types = columnTypes();
        writer.operation(Operation.UPDATE).transactionId(1).commitTimeNs(EventFixture.SOURCE_TIME_NS).lsn(1)
            .columnCount(types.size() + 3);
        writer.column(ColumnType.INT64, true, utf8("id"), BIGINT_TYPE).longValue(1).longValue(1);
        for (final ColumnType type : types) {
            final String name = type.name().toLowerCase();
            writer.column(type, false, utf8(name), utf8(name));
            value(writer, type);
            value(writer, type);
        }
        writer.column(ColumnType.TEXT, false, utf8("nothing"), TEXT_TYPE).bytes(utf8("before")).nullValue();
        writer.column(ColumnType.TEXT, false, utf8("large"), TEXT_TYPE).absent().unchanged();
        return writer.table(SCHEMA, utf8("everything")).length();
    }

    private static List<ColumnType> columnTypes() {
        return List.of(
            ColumnType.TEXT, ColumnType.BOOL, ColumnType.INT16, ColumnType.INT32, ColumnType.INT64,
            ColumnType.FLOAT32, ColumnType.FLOAT64, ColumnType.DECIMAL, ColumnType.DATE, ColumnType.TIME,
            ColumnType.TIME_TZ, ColumnType.TIMESTAMP, ColumnType.TIMESTAMP_TZ, ColumnType.INTERVAL, ColumnType.UUID,
            ColumnType.BYTES, ColumnType.JSON, ColumnType.ARRAY, ColumnType.ENUM, ColumnType.NETWORK,
            ColumnType.OTHER);
    }

    private static void value(final RowChangeWriter writer, final ColumnType type) {
        switch (type) {
            case BOOL -> writer.boolValue(true);
            case INT16 -> writer.longValue(Short.MIN_VALUE);
            case INT32 -> writer.longValue(Integer.MIN_VALUE);
            case INT64 -> writer.longValue(Long.MAX_VALUE);
            case FLOAT32 -> writer.doubleValue(0.5);
            case FLOAT64 -> writer.doubleValue(-1.0e-300);
            case DECIMAL -> writer.bytes(utf8("-12345678901234567890.0500"));
            case DATE -> writer.longValue(20_778);
            case TIME -> writer.longValue(86_399_999_999L);
            case TIME_TZ -> writer.bytes(utf8("23:59:59.999999+01:00"));
            case TIMESTAMP, TIMESTAMP_TZ -> writer.longValue(1_795_285_688_123_456L);
            case INTERVAL -> writer.bytes(utf8("P1Y2M3DT4H5M6.7S"));
            case UUID -> writer.uuidValue(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
            case BYTES -> writer.bytes(new byte[] {0, 1, (byte)0xFF});
            case JSON -> writer.bytes(utf8("{\"a\":[1,2.50,null]}"));
            case ARRAY -> writer.bytes(utf8("{1,2,NULL}"));
            case NETWORK -> writer.bytes(utf8("192.0.2.0/24"));
            default -> writer.bytes(utf8("Grüße"));
        }
    }

    /** {@return a row change of {@code public.item} for every operation, from a read to a truncate} */
    public static List<EncodedEvent> rowsOfEveryOperation() {
        return List.of(
            operation(Operation.READ), operation(Operation.INSERT), operation(Operation.UPDATE),
            operation(Operation.DELETE), new EventFixture().row(writer ->
                writer.operation(Operation.TRUNCATE).columnCount(0).table(SCHEMA, TABLE).length()));
    }

    private static EncodedEvent operation(final Operation operation) {
        final int flags = operation == Operation.READ ? EventWriter.SNAPSHOT : 0;
        return new EventFixture().key("every").flags(flags).row(writer -> {
            writer.operation(operation).columnCount(NUMBERED_COLUMNS);
            writer.column(ColumnType.TEXT, true, utf8(KEY_COLUMN), TEXT_TYPE);
            image(operation, writer, () -> writer.bytes(utf8("every")));
            writer.column(ColumnType.INT64, false, utf8(NUMBER_COLUMN), BIGINT_TYPE);
            image(operation, writer, () -> writer.longValue(1));
            return writer.table(SCHEMA, TABLE).length();
        });
    }

    private static void image(final Operation operation, final RowChangeWriter writer, final Runnable value) {
        if (operation == Operation.UPDATE || operation == Operation.DELETE) {
            value.run();
        } else {
            writer.absent();
        }
        if (operation == Operation.DELETE) {
            writer.absent();
        } else {
            value.run();
        }
    }

    /**
     * An event of each kind, of each operation and type, and events whose payloads cannot be read: a bus takes all of
     * these.
     *
     * @return the events.
     */
    public static List<EncodedEvent> eventsOfEveryKind() {
        final List<EncodedEvent> events = new ArrayList<>(rowsOfEveryOperation());
        events.add(rowOfEveryColumnType());
        events.addAll(readingsOfEveryType());
        events.add(document("note-1", "{\"text\":\"Hallo\"}"));
        events.add(new EventFixture().topic("erp.message.image").document("image/png", new byte[] {(byte)0x89, 0}));
        events.add(new EventFixture().topic("erp.message.empty").document("", new byte[0]));
        events.addAll(transaction(1, "every", 1, 2));
        events.addAll(unreadableEvents());
        return events;
    }

    /** {@return an event of each kind whose payload is not of that kind} */
    public static List<EncodedEvent> unreadableEvents() {
        final List<EncodedEvent> events = new ArrayList<>();
        for (final EventKind kind : List.of(EventKind.ROW_CHANGE, EventKind.READING, EventKind.DOCUMENT)) {
            events.add(new EventFixture().key("unreadable").rawPayload(kind, new byte[] {1, 2, 3}));
        }
        return events;
    }

    /**
     * Puts events into a batch as a lane would.
     *
     * @param firstSequence of the first event; the others follow one by one.
     * @param events        in order.
     * @return the batch.
     */
    public static EventBatch batch(final long firstSequence, final Collection<EncodedEvent> events) {
        final EventBatch batch = new EventBatch(Math.max(1, events.size()), MAX_BATCH_BYTES);
        long sequence = firstSequence;
        for (final EncodedEvent event : events) {
            final EncodedEvent stamped = event.sequence(sequence++);
            if (!batch.append(stamped.buffer(), 0, stamped.lengthBytes(), 0)) {
                throw new IllegalArgumentException("events=" + events.size() + " do not fit into one batch");
            }
        }
        return batch;
    }
}
