package io.headrace.adapters.mqtt;

import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.sbe.DocumentEncoder;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.ReadingEncoder;
import io.headrace.codecs.sbe.ReadingType;
import io.headrace.codecs.sbe.ShortTextEncoder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The thread of the source's event loop: makes an event of a message in two steps, first {@link #prepare} to know its
 * length, then {@link #encode} into the room that was claimed for it. A message that no rule matches, or that does not
 * fit its rule, becomes a document with its bytes as they came, so that bad input loses nothing.
 */
final class MessageEncoder {
    /** The message can be no event: one of its parts is longer than an event's part may be. */
    static final int UNPUBLISHABLE = -1;

    private static final int MAX_SHORT = ShortTextEncoder.lengthMaxValue();
    private static final int SHORT_LENGTH = 2;
    private static final int LONG_LENGTH = 4;
    private static final int READING_FIXED =
        MessageHeaderEncoder.ENCODED_LENGTH + ReadingEncoder.BLOCK_LENGTH + 3 * SHORT_LENGTH;
    private static final int DOCUMENT_FIXED =
        MessageHeaderEncoder.ENCODED_LENGTH + DocumentEncoder.BLOCK_LENGTH + 2 * SHORT_LENGTH + LONG_LENGTH;
    private static final int INITIAL_PAYLOAD_BYTES = 4096;

    private final EventWriter event = new EventWriter();
    private final ReadingWriter reading = new ReadingWriter();
    private final DocumentWriter document = new DocumentWriter();
    private final ReadingDraft draft = new ReadingDraft();
    private final TopicPlans plans;
    private final byte[] sourceName;
    private byte[] payload = new byte[INITIAL_PAYLOAD_BYTES];
    private final UnsafeBuffer payloadBuffer = new UnsafeBuffer(payload);
    private int payloadLength;
    private TopicPlan plan;
    private boolean isReading;
    private long receivedNs;
    private byte[] messageId;
    private byte[] correlationId;
    private byte[] contentType;

    MessageEncoder(final String sourceName, final TopicPlans plans) {
        this.sourceName = sourceName.getBytes(StandardCharsets.UTF_8);
        this.plans = plans;
    }

    /**
     * Reads a message.
     *
     * @return the length of its event in bytes, or {@link #UNPUBLISHABLE}.
     */
    int prepare(final IncomingMessage message) {
        plan = plans.of(message.topic());
        copyPayload(message.payload());
        receivedNs = message.receivedNs();
        messageId = message.messageId();
        correlationId = message.correlationId();
        draft.clear();
        isReading = false;
        if (plan.mapped()) {
            plan.parser().parse(payload, payloadLength, draft);
            if (draft.text().lengthBytes() > MAX_SHORT || draft.unit().lengthBytes() > MAX_SHORT) {
                draft.misfit("the text or the unit is longer than 65534 bytes");
            }
            isReading = draft.misfit() == null;
        }
        if (!isReading) {
            contentType = message.contentType();
        }
        return eventLength();
    }

    /** Whether the message that was prepared has become a reading. */
    boolean isReading() {
        return isReading;
    }

    /** Whether a rule matches the message that was prepared. */
    boolean isMapped() {
        return plan.mapped();
    }

    /** Why the message that was prepared does not fit its rule, or null. */
    String misfit() {
        return draft.misfit();
    }

    private void copyPayload(final ByteBuffer source) {
        payloadLength = source == null ? 0 : source.remaining();
        if (payloadLength > payload.length) {
            payload = new byte[payloadLength];
            payloadBuffer.wrap(payload);
        }
        if (source != null) {
            source.get(payload, 0, payloadLength);
        }
    }

    private byte[] key() {
        return isReading ? plan.sensorId() : plan.mqttTopic();
    }

    private int eventLength() {
        if (plan.eventTopic().length > MAX_SHORT || key().length > MAX_SHORT || messageId.length > MAX_SHORT ||
            correlationId.length > MAX_SHORT || !isReading && contentType.length > MAX_SHORT) {
            return UNPUBLISHABLE;
        }
        final int overhead = EventWriter.overheadLength(
            plan.eventTopic().length, sourceName.length, messageId.length, correlationId.length, 0, key().length);
        return overhead + (isReading ?
            READING_FIXED + plan.sensorId().length + unitLength() + textLength() :
            DOCUMENT_FIXED + contentType.length + payloadLength);
    }

    private int unitLength() {
        return draft.unit().lengthBytes() > 0 ? draft.unit().lengthBytes() : plan.unit().length;
    }

    private int textLength() {
        return draft.type() == ReadingType.TEXT ? draft.text().lengthBytes() : 0;
    }

    /**
     * Encodes what was prepared.
     *
     * @return the length of the event in bytes.
     */
    int encode(final MutableDirectBuffer buffer, final int offset, final int maxLengthBytes) {
        event.wrap(buffer, offset, maxLengthBytes)
            .kind(isReading ? EventKind.READING : EventKind.DOCUMENT)
            .sourceTimeNs(timeNs())
            .topic(plan.eventTopic())
            .source(sourceName)
            .messageId(messageId)
            .correlationId(correlationId)
            .key(key());
        final int payloadOffset = event.beginPayload();
        final int room = maxLengthBytes - (payloadOffset - offset);
        event.endPayload(isReading ?
            encodeReading(buffer, payloadOffset, room) : encodeDocument(buffer, payloadOffset, room));
        return event.length();
    }

    private long timeNs() {
        return isReading && draft.hasTime() ? draft.timeNs() : receivedNs;
    }

    private int encodeReading(final MutableDirectBuffer buffer, final int offset, final int room) {
        reading.wrap(buffer, offset, room).timeNs(timeNs()).quality(draft.quality()).sensorId(plan.sensorId());
        if (draft.unit().lengthBytes() > 0) {
            reading.unit(draft.unit().buffer(), 0, draft.unit().lengthBytes());
        } else {
            reading.unit(plan.unit());
        }
        switch (draft.type()) {
            case FLOAT -> reading.doubleValue(draft.doubleValue());
            case INTEGER -> reading.longValue(draft.longValue());
            case BOOLEAN -> reading.boolValue(draft.longValue() != 0);
            default -> reading.text(draft.text().buffer(), 0, draft.text().lengthBytes());
        }
        return reading.length();
    }

    private int encodeDocument(final MutableDirectBuffer buffer, final int offset, final int room) {
        return document.wrap(buffer, offset, room)
            .contentType(contentType)
            .body(payloadBuffer, 0, payloadLength)
            .length();
    }
}
