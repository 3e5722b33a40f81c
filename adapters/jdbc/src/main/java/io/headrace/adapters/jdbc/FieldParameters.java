package io.headrace.adapters.jdbc;

import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.sbe.ReadingType;
import org.agrona.DirectBuffer;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;

/** Gives the fields of the reading or document in hand to a statement. Owned by a lane's thread. */
final class FieldParameters implements ParameterSource {
    private static final EventField[] FIELDS = EventField.values();
    private static final long NANOS_PER_MICRO = 1_000L;

    private final ValueBinder binder;
    private final ReadingView reading;
    private final DocumentView document;
    private EventView event;

    FieldParameters(final ValueBinder binder, final ReadingView reading, final DocumentView document) {
        this.binder = binder;
        this.reading = reading;
        this.document = document;
    }

    FieldParameters of(final EventView newEvent) {
        event = newEvent;
        return this;
    }

    @Override
    public void bind(final PreparedStatement statement, final StatementPlan plan)
        throws SQLException, ChangeRefusedException {
        for (int i = 0; i < plan.slotCount(); i++) {
            final Slot slot = plan.slot(i);
            if (slot.origin() == Slot.Origin.CONSTANT) {
                binder.bindText(statement, i + 1, slot.type(), slot.constant());
            } else {
                bindField(statement, i + 1, FIELDS[slot.index()]);
            }
        }
    }

    private void bindField(final PreparedStatement statement, final int parameter, final EventField field)
        throws SQLException {
        switch (field) {
            case TIME -> bindTime(statement, parameter, reading.timeNs());
            case SOURCE_TIME -> bindTime(statement, parameter, event.sourceTimeNs());
            case PUBLISH_TIME -> bindTime(statement, parameter, event.publishTimeNs());
            case VALUE -> bindNumber(statement, parameter);
            case SEQUENCE -> statement.setLong(parameter, event.sequence());
            case BODY -> statement.setBytes(
                parameter, ValueBinder.bytes(document.buffer(), document.bodyOffset(), document.bodyLength()));
            default -> bindText(statement, parameter, field, text(field));
        }
    }

    private void bindTime(final PreparedStatement statement, final int parameter, final long epochNs)
        throws SQLException {
        binder.bindTimestampTz(statement, parameter, Math.floorDiv(epochNs, NANOS_PER_MICRO));
    }

    private void bindNumber(final PreparedStatement statement, final int parameter) throws SQLException {
        if (reading.readingType() == ReadingType.FLOAT) {
            statement.setDouble(parameter, reading.doubleValue());
        } else if (reading.readingType() == ReadingType.TEXT) {
            binder.bindNull(statement, parameter, EventField.VALUE.type());
        } else if ((long)(double)reading.longValue() == reading.longValue()
            && reading.longValue() != Long.MAX_VALUE) {
            statement.setDouble(parameter, reading.longValue());
        } else {
            statement.setBigDecimal(parameter, BigDecimal.valueOf(reading.longValue()));
        }
    }

    private void bindText(
        final PreparedStatement statement, final int parameter, final EventField field, final String text)
        throws SQLException {
        if (text == null) {
            binder.bindNull(statement, parameter, field.type());
        } else {
            binder.bindText(statement, parameter, field.type(), text);
        }
    }

    private String text(final EventField field) {
        return switch (field) {
            case SENSOR_ID -> reading.sensorId();
            case TEXT_VALUE -> reading.readingType() == ReadingType.TEXT ? reading.text() : null;
            case UNIT -> reading.unitLength() == 0 ? null : reading.unit();
            case QUALITY -> reading.quality().name().toLowerCase(Locale.ROOT);
            case READING_TYPE -> reading.readingType().name().toLowerCase(Locale.ROOT);
            case BODY_TEXT -> text(document.buffer(), document.bodyOffset(), document.bodyLength());
            case CONTENT_TYPE -> document.contentType();
            case SCHEMA_REFERENCE -> document.schemaReferenceLength() == 0 ? null : document.schemaReference();
            case TOPIC -> event.topic();
            case SOURCE -> event.source();
            case MESSAGE_ID -> optional(event.messageIdOffset(), event.messageIdLength());
            case CORRELATION_ID -> optional(event.correlationIdOffset(), event.correlationIdLength());
            default -> throw new IllegalStateException("field=" + field + " is no text");
        };
    }

    private String optional(final int offset, final int lengthBytes) {
        return lengthBytes == 0 ? null : text(event.buffer(), offset, lengthBytes);
    }

    private static String text(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        return buffer.getStringWithoutLengthUtf8(offset, lengthBytes);
    }
}
