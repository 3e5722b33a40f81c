package io.headrace.adapters.json;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentWriter;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.RowChangeWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/** Encodes the events that the tests render. */
final class TestEvents {
    static final long SEQUENCE = 9_007_199_254_740_995L;
    static final long PUBLISH_TIME_NS = 1_795_285_688_953_479_001L;
    static final long SOURCE_TIME_NS = 1_795_285_688_000_000_003L;
    static final byte[] TOPIC = utf8("erp.public.item");
    static final byte[] SOURCE = utf8("erp");

    private TestEvents() {
    }

    static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static EventView reading(final ToIntFunction<ReadingWriter> encoder) {
        return event(EventKind.READING, 0, new byte[0], new byte[0], new byte[0], new byte[0],
            buffer -> encoder.applyAsInt(new ReadingWriter().wrap(buffer, 0)));
    }

    static EventView document(final ToIntFunction<DocumentWriter> encoder) {
        return event(EventKind.DOCUMENT, 0, new byte[0], new byte[0], new byte[0], new byte[0],
            buffer -> encoder.applyAsInt(new DocumentWriter().wrap(buffer, 0)));
    }

    static EventView document(final String contentType, final byte[] body) {
        return document(writer -> writer.contentType(utf8(contentType)).body(body).length());
    }

    static EventView mark(final ToIntFunction<TransactionMarkWriter> encoder) {
        return event(EventKind.TRANSACTION, 0, new byte[0], new byte[0], new byte[0], new byte[0],
            buffer -> encoder.applyAsInt(new TransactionMarkWriter().wrap(buffer, 0)));
    }

    static EventView row(final ToIntFunction<RowChangeWriter> encoder) {
        return row(0, encoder);
    }

    static EventView row(final int flags, final ToIntFunction<RowChangeWriter> encoder) {
        return event(EventKind.ROW_CHANGE, flags, new byte[0], new byte[0], new byte[0], new byte[0],
            buffer -> encoder.applyAsInt(new RowChangeWriter().wrap(buffer, 0)));
    }

    static EventView event(
        final EventKind kind,
        final int flags,
        final byte[] messageId,
        final byte[] correlationId,
        final byte[] sourcePosition,
        final byte[] key,
        final ToIntFunction<MutableDirectBuffer> payload) {
        final ExpandableArrayBuffer payloadBuffer = new ExpandableArrayBuffer();
        final int payloadLength = payload.applyAsInt(payloadBuffer);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[payloadLength + 4096 + messageId.length +
            correlationId.length + sourcePosition.length + key.length]);
        final int length = new EventWriter().wrap(buffer, 0)
            .kind(kind).flags(flags).sourceTimeNs(SOURCE_TIME_NS)
            .topic(TOPIC).source(SOURCE).messageId(messageId).correlationId(correlationId)
            .sourcePosition(sourcePosition).key(key).payload(payloadBuffer, 0, payloadLength)
            .length();
        EventStamp.stamp(buffer, 0, SEQUENCE, PUBLISH_TIME_NS);
        final EventView view = new EventView();
        final DecodeError error = view.wrap(buffer, 0, length);
        if (error != DecodeError.NONE) {
            throw new IllegalStateException("error=" + error);
        }
        return view;
    }
}
