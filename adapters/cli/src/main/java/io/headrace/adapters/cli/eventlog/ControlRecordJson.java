package io.headrace.adapters.cli.eventlog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bus.log.LogReader;
import io.headrace.codecs.sbe.CheckpointEndDecoder;
import io.headrace.codecs.sbe.EventParkedDecoder;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.LogEpochDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.MessageIdsDecoder;
import io.headrace.codecs.sbe.ParkedAtDecoder;
import io.headrace.codecs.sbe.ParkedResolvedDecoder;
import io.headrace.codecs.sbe.SourceStateDecoder;
import io.headrace.codecs.sbe.SubscriptionPositionDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Shows the control records of an event log as JSON. Owned by one thread. Field by field; a message that ends too
 * early, or that this version does not know, is said to be so.
 */
public final class ControlRecordJson {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);

    /** Makes a renderer; it keeps its decoders from record to record. */
    public ControlRecordJson() {
    }

    /**
     * Writes the control record on which a reader stands.
     *
     * @param reader standing on a record that is no event.
     * @param json   to write one object to.
     * @throws IOException as the generator does.
     */
    public void write(final LogReader reader, final JsonGenerator json) throws IOException {
        message.wrap(reader.buffer(), reader.offset(), reader.lengthBytes());
        json.writeStartObject();
        json.writeNumberField("logPosition", reader.position());
        json.writeNumberField("nextSequence", reader.nextSequence());
        try {
            header.wrap(message, 0);
            writeMessage(header.templateId(), json);
        } catch (final IndexOutOfBoundsException | IllegalArgumentException e) {
            json.writeStringField("malformed", String.valueOf(e.getMessage()));
        }
        json.writeEndObject();
    }

    private void writeMessage(final int templateId, final JsonGenerator json) throws IOException {
        switch (templateId) {
            case LogEpochDecoder.TEMPLATE_ID -> writeEpoch(json);
            case SubscriptionPositionDecoder.TEMPLATE_ID -> writePosition(json);
            case SourceStateDecoder.TEMPLATE_ID -> writeSource(json);
            case MessageIdsDecoder.TEMPLATE_ID -> writeMessageIds(json);
            case EventParkedDecoder.TEMPLATE_ID -> writeParked(json);
            case ParkedResolvedDecoder.TEMPLATE_ID -> writeResolved(json);
            case ParkedAtDecoder.TEMPLATE_ID -> writeParkedAt(json);
            case CheckpointEndDecoder.TEMPLATE_ID -> {
                json.writeStringField("control", "checkpoint-end");
                json.writeNumberField("startPosition",
                    new CheckpointEndDecoder().wrapAndApplyHeader(message, 0, header).startPosition());
            }
            default -> {
                json.writeStringField("control", "unknown");
                json.writeNumberField("templateId", templateId);
            }
        }
    }

    private void writeEpoch(final JsonGenerator json) throws IOException {
        final LogEpochDecoder epoch = new LogEpochDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "log-epoch");
        json.writeStringField("logId", HexFormat.of().toHexDigits(epoch.logId()));
        json.writeNumberField("epoch", epoch.epoch());
        json.writeNumberField("firstSequence", epoch.firstSequence());
        json.writeStringField("writtenAt", LogTimes.text(epoch.startTimeNs()));
    }

    private void writePosition(final JsonGenerator json) throws IOException {
        final SubscriptionPositionDecoder position =
            new SubscriptionPositionDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "subscription-position");
        json.writeStringField("writtenAt", LogTimes.text(position.writtenAtNs()));
        json.writeBooleanField("forgotten", position.forgotten() == Flag.YES);
        json.writeArrayFieldStart("finishedSequences");
        for (final SubscriptionPositionDecoder.LanesDecoder lane : position.lanes()) {
            json.writeNumber(lane.finishedSequence());
        }
        json.writeEndArray();
        json.writeStringField("subscription", position.subscription());
    }

    private void writeSource(final JsonGenerator json) throws IOException {
        final SourceStateDecoder source = new SourceStateDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "source-state");
        json.writeNumberField("lastSequence", source.lastSequence());
        json.writeBooleanField("openTransaction", source.openTransaction() == Flag.YES);
        json.writeBooleanField("snapshotOpen", source.snapshotOpen() == Flag.YES);
        json.writeStringField("source", source.source());
        final byte[] position = new byte[source.sourcePositionLength()];
        source.getSourcePosition(position, 0, position.length);
        json.writeStringField("sourcePosition", HexFormat.of().formatHex(position));
    }

    private void writeMessageIds(final JsonGenerator json) throws IOException {
        final MessageIdsDecoder ids = new MessageIdsDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "message-ids");
        json.writeBooleanField("first", ids.first() == Flag.YES);
        final MessageIdsDecoder.IdsDecoder group = ids.ids();
        json.writeNumberField("count", group.count());
        while (group.hasNext()) {
            // What stands behind a group is reached by walking over it.
            group.next();
        }
        json.writeStringField("source", ids.source());
    }

    private void writeParked(final JsonGenerator json) throws IOException {
        final EventParkedDecoder parked = new EventParkedDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "event-parked");
        json.writeNumberField("sequence", parked.sequence());
        json.writeStringField("parkedAt", LogTimes.text(parked.parkedAtNs()));
        json.writeNumberField("attempts", parked.attempts());
        json.writeBooleanField("heldBack", parked.heldBack() == Flag.YES);
        json.writeStringField("subscription", parked.subscription());
        json.writeStringField("reason", parked.reason());
        json.writeNumberField("eventBytes", parked.eventBytesLength());
    }

    private void writeResolved(final JsonGenerator json) throws IOException {
        final ParkedResolvedDecoder resolved = new ParkedResolvedDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "parked-resolved");
        json.writeNumberField("sequence", resolved.sequence());
        json.writeStringField("resolvedAt", LogTimes.text(resolved.resolvedAtNs()));
        json.writeStringField("resolution", resolved.resolution().name().toLowerCase(Locale.ROOT));
        json.writeStringField("subscription", resolved.subscription());
    }

    private void writeParkedAt(final JsonGenerator json) throws IOException {
        final ParkedAtDecoder parkedAt = new ParkedAtDecoder().wrapAndApplyHeader(message, 0, header);
        json.writeStringField("control", "parked-at");
        json.writeNumberField("sequence", parkedAt.sequence());
        json.writeNumberField("parkedPosition", parkedAt.logPosition());
        json.writeStringField("subscription", parkedAt.subscription());
    }
}
