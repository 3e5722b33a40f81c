package io.headrace.bus.log;

import io.headrace.bus.publish.MessageIdWindow;
import io.headrace.codecs.MessageIdsView;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.MessageIdsEncoder;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Writes windows of message ids into a checkpoint, and reads them back. Owned by the log thread.
 *
 * <p>A window that is larger than one record may be takes several messages. Reading them adds what is not known yet:
 * a crash can leave the first ones of a checkpoint, which must not undo what is known.
 */
public final class MessageIdsProxy {
    private static final int MAX_IDS_PER_MESSAGE = 4096;
    private static final int ID_BYTES = MessageIdsEncoder.IdsEncoder.sbeBlockLength();
    private static final int OVERHEAD_BYTES = MessageHeaderEncoder.ENCODED_LENGTH + MessageIdsEncoder.BLOCK_LENGTH
        + MessageIdsEncoder.IdsEncoder.sbeHeaderSize() + MessageIdsEncoder.sourceHeaderLength();

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageIdsEncoder encoder = new MessageIdsEncoder();
    private final long[] highs = new long[MAX_IDS_PER_MESSAGE];
    private final long[] lows = new long[MAX_IDS_PER_MESSAGE];
    private int pending;
    private boolean first;

    /**
     * Writes one window. An empty one needs no message.
     *
     * @param source         whose it is.
     * @param window         to be written; it is not changed.
     * @param maxLengthBytes of a message, as a record of the log takes it.
     * @param handler        takes the messages of the checkpoint.
     */
    public void write(
        final String source, final MessageIdWindow window, final int maxLengthBytes,
        final ControlMessageHandler handler) {
        final byte[] name = source.getBytes(StandardCharsets.UTF_8);
        final int idsPerMessage =
            Math.min(MAX_IDS_PER_MESSAGE, (maxLengthBytes - OVERHEAD_BYTES - name.length) / ID_BYTES);
        if (idsPerMessage < 1) {
            throw new IllegalArgumentException(
                "maxLengthBytes=" + maxLengthBytes + " is too short for a message id of source=" + source);
        }
        pending = 0;
        first = true;
        window.forEach((high, low) -> {
            highs[pending] = high;
            lows[pending] = low;
            if (++pending == idsPerMessage) {
                flush(name, handler);
            }
        });
        flush(name, handler);
    }

    private void flush(final byte[] source, final ControlMessageHandler handler) {
        if (pending == 0) {
            return;
        }
        final MessageIdsEncoder.IdsEncoder ids = encoder.wrapAndApplyHeader(buffer, 0, header)
            .first(first ? Flag.YES : Flag.NO).idsCount(pending);
        for (int i = 0; i < pending; i++) {
            ids.next().high(highs[i]).low(lows[i]);
        }
        encoder.putSource(source, 0, source.length);
        pending = 0;
        first = false;
        handler.onMessage(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    /**
     * Takes the ids of one message into the window of its source.
     *
     * @param message that was read.
     * @param window  of the message's source.
     */
    public static void read(final MessageIdsView message, final MessageIdWindow window) {
        for (int i = 0; i < message.idCount(); i++) {
            window.addIfAbsent(message.high(i), message.low(i));
        }
    }
}
