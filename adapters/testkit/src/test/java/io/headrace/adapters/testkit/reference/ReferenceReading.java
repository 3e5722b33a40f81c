package io.headrace.adapters.testkit.reference;

import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The payload of the reference source: a reading whose value is the record's number. */
public final class ReferenceReading {
    private ReferenceReading() {
    }

    static byte[] encode(final long number) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new ReadingWriter().wrap(buffer, 0).timeNs(1).longValue(number)
            .sensorId("origin".getBytes(StandardCharsets.UTF_8)).length();
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    public static long numberOf(final EventView event) {
        final ReadingView reading = new ReadingView();
        reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
        return event.kind() == EventKind.READING ? reading.longValue() : -1;
    }
}
