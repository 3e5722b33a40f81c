package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ValueState;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The thread that made it, usually one lane's: writes row changes in the envelope that Debezium's PostgreSQL connector
 * gives them when its JSON converter writes no schemas. Logical messages get Debezium's envelope for those; marks of
 * transactions have no place in it, as with Debezium's defaults. An event is rendered whole before its first byte
 * leaves.
 */
public final class DebeziumJson {
    private static final String MESSAGE_TOPIC = ".message.";
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final DebeziumOptions options;
    private final JsonOutput output = new JsonOutput();
    private final DebeziumValues values;
    private final RowChangeView row = new RowChangeView();
    private final DocumentView document = new DocumentView();

    /**
     * Makes a renderer; it keeps its buffers from event to event.
     *
     * @param options of the connector that it stands for.
     */
    public DebeziumJson(final DebeziumOptions options) {
        this.options = options;
        values = new DebeziumValues(options, output);
    }

    /**
     * Writes one event: as a rule one object, two (a deletion and a creation) separated by a line end for an update
     * that changes the row's key, none for the mark of a transaction.
     *
     * @param event to write, wrapped without error.
     * @param out   to write to, in one call.
     * @return how many objects were written.
     * @throws UnrenderableEventException when Debezium's envelope has no place for the event, or when the event's
     *                                    payload is malformed.
     * @throws IOException                when the stream fails.
     */
    public int write(final EventView event, final OutputStream out) throws IOException {
        final EventKind kind = event.kind();
        if (kind == null) {
            throw new IllegalArgumentException("event=" + event + " wraps no event");
        }
        final int objectCount = switch (kind) {
            case ROW_CHANGE -> rowChange(event);
            case DOCUMENT -> message(event);
            case TRANSACTION -> 0;
            default -> throw new UnrenderableEventException(
                "event sequence=" + event.sequence() + " topic=" + event.topic() + " is a " + kind +
                    ", for which Debezium's envelope has no place; do not select its topic, or choose another format");
        };
        if (objectCount > 0) {
            output.writeTo(out);
        }
        return objectCount;
    }

    private int rowChange(final EventView event) throws IOException {
        EventJson.check(event, row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        final JsonGenerator json = output.begin();
        final boolean newKey = row.operation() == Operation.UPDATE && changesKey();
        if (newKey) {
            envelope(event, json, true, false, "d");
            output.newLine();
            envelope(event, json, false, true, "c");
        } else {
            envelope(event, json, true, true, switch (row.operation()) {
                case INSERT -> "c";
                case UPDATE -> "u";
                case DELETE -> "d";
                case TRUNCATE -> "t";
                case READ -> "r";
                default -> throw new UnrenderableEventException("operation=" + row.operation() + " is not known");
            });
        }
        output.end();
        return newKey ? 2 : 1;
    }

    private void envelope(
        final EventView event,
        final JsonGenerator json,
        final boolean withBefore,
        final boolean withAfter,
        final String operation) throws IOException {
        json.writeStartObject();
        image("before", withBefore, true, json);
        image("after", withAfter, false, json);
        final long timeNs = row.commitTimeNs() == 0 ? event.sourceTimeNs() : row.commitTimeNs();
        beginSource(event, timeNs, row.lsn(), json);
        output.name("schema").text(row.buffer(), row.schemaNameOffset(), row.schemaNameLength());
        output.name("table").text(row.buffer(), row.tableNameOffset(), row.tableNameLength());
        endSource(row.transactionId(), row.lsn(), json);
        json.writeNullField("transaction");
        json.writeStringField("op", operation);
        times(event.publishTimeNs(), json);
        json.writeEndObject();
    }

    private void image(
        final String name,
        final boolean wanted,
        final boolean isBefore,
        final JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        if (!wanted || isAbsent(isBefore)) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            json.writeFieldName(column.name());
            values.write(column, isBefore ? column.before() : column.after(), json);
        }
        json.writeEndObject();
    }

    private boolean isAbsent(final boolean isBefore) {
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            if ((isBefore ? column.before() : column.after()).state() != ValueState.ABSENT) {
                return false;
            }
        }
        return true;
    }

    /**
     * A row that is identified by all of its columns is taken for one without a primary key, which has no key that
     * could change.
     */
    private boolean changesKey() {
        boolean changes = false;
        boolean allAreKey = true;
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            allAreKey &= column.key();
            changes |= column.key() && column.before().state() != ValueState.ABSENT &&
                !sameValue(column.before(), column.after());
        }
        return changes && !allAreKey;
    }

    private static boolean sameValue(final ValueView a, final ValueView b) {
        if (a.state() == ValueState.UNCHANGED || b.state() == ValueState.UNCHANGED) {
            return true;
        }
        if (a.state() != b.state() || a.length() != b.length()) {
            return false;
        }
        for (int i = 0; i < a.length(); i++) {
            if (a.buffer().getByte(a.offset() + i) != b.buffer().getByte(b.offset() + i)) {
                return false;
            }
        }
        return true;
    }

    private int message(final EventView event) throws IOException {
        EventJson.check(event, document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
        final String topic = event.topic();
        final String messageTopic = event.source() + MESSAGE_TOPIC;
        if (!topic.startsWith(messageTopic)) {
            throw new UnrenderableEventException(
                "event sequence=" + event.sequence() + " topic=" + topic + " is a document but no logical message, so" +
                    " Debezium's envelope has no place for it; do not select its topic, or choose another format");
        }
        final JsonGenerator json = output.begin();
        json.writeStartObject();
        json.writeStringField("op", "m");
        json.writeNumberField("ts_ms", Math.floorDiv(event.publishTimeNs(), NANOS_PER_MILLI));
        beginSource(event, event.sourceTimeNs(), 0, json);
        json.writeStringField("schema", "");
        json.writeStringField("table", "");
        endSource(0, 0, json);
        json.writeNullField("transaction");
        json.writeObjectFieldStart("message");
        json.writeStringField("prefix", topic.substring(messageTopic.length()));
        output.name("content").base64(document.buffer(), document.bodyOffset(), document.bodyLength());
        json.writeEndObject();
        json.writeEndObject();
        output.end();
        return 1;
    }

    private void beginSource(
        final EventView event, final long timeNs, final long lsn, final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("source");
        json.writeStringField("version", "headrace");
        json.writeStringField("connector", "postgresql");
        output.name("name").text(event.buffer(), event.sourceOffset(), event.sourceLength());
        json.writeNumberField("ts_ms", Math.floorDiv(timeNs, NANOS_PER_MILLI));
        json.writeStringField("snapshot", event.snapshot() ? "true" : "false");
        json.writeStringField("db", options.database());
        json.writeStringField(
            "sequence", "[null," + (lsn == 0 ? "null" : "\"" + Long.toUnsignedString(lsn) + "\"") + "]");
        json.writeNumberField("ts_us", Math.floorDiv(timeNs, NANOS_PER_MICRO));
        json.writeNumberField("ts_ns", timeNs);
    }

    private static void endSource(
        final long transactionId, final long lsn, final JsonGenerator json) throws IOException {
        numberOrNull("txId", transactionId, json);
        numberOrNull("lsn", lsn, json);
        json.writeNullField("xmin");
        json.writeNullField("origin");
        json.writeNullField("origin_lsn");
        json.writeEndObject();
    }

    private static void times(final long timeNs, final JsonGenerator json) throws IOException {
        json.writeNumberField("ts_ms", Math.floorDiv(timeNs, NANOS_PER_MILLI));
        json.writeNumberField("ts_us", Math.floorDiv(timeNs, NANOS_PER_MICRO));
        json.writeNumberField("ts_ns", timeNs);
    }

    private static void numberOrNull(final String name, final long value, final JsonGenerator json)
        throws IOException {
        json.writeFieldName(name);
        if (value == 0) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }
}
