package io.headrace.adapters.file;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** Fills batches with readings. */
final class TestBatches {
    static final int MAX_BYTES = 1024 * 1024;

    private TestBatches() {
    }

    static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Readings of consecutive sequences, each about 300 bytes as a line. */
    static EventBatch readings(final long fromSequence, final int count) {
        final EventBatch batch = new EventBatch(count, MAX_BYTES);
        for (int i = 0; i < count; i++) {
            append(batch, fromSequence + i, false);
        }
        return batch;
    }

    /** The same, one of them with a payload that cannot be read. */
    static EventBatch readingsWithPoison(final long fromSequence, final int count, final int poisonIndex) {
        final EventBatch batch = new EventBatch(count, MAX_BYTES);
        for (int i = 0; i < count; i++) {
            append(batch, fromSequence + i, i == poisonIndex);
        }
        return batch;
    }

    private static void append(final EventBatch batch, final long sequence, final boolean isPoison) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final EventWriter writer = new EventWriter().wrap(buffer, 0)
            .kind(EventKind.READING).sourceTimeNs(sequence)
            .topic(utf8("plant.press-1.temperature")).source(utf8("plant"));
        final int payloadAt = writer.beginPayload();
        final int payloadLength = new ReadingWriter().wrap(buffer, payloadAt)
            .timeNs(sequence).doubleValue(sequence / 8.0).sensorId(utf8("press-1")).unit(utf8("°C")).length();
        writer.endPayload(isPoison ? payloadLength - 1 : payloadLength);
        final int length = writer.length();
        EventStamp.stamp(buffer, 0, sequence, sequence);
        if (!batch.append(buffer, 0, length, sequence)) {
            throw new IllegalStateException("the batch is full at sequence=" + sequence);
        }
    }
}
