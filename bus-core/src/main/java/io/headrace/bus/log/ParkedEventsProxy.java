package io.headrace.bus.log;

import io.headrace.codecs.sbe.EventParkedEncoder;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.ParkedResolvedEncoder;
import io.headrace.codecs.sbe.Resolution;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Brings into the log which events are parked, and what becomes of them. Owned by one thread, which waits for it. */
public final class ParkedEventsProxy {
    /** A longer reason is cut. */
    static final int MAX_REASON_BYTES = 1000;

    private static final int OVERHEAD_BYTES = MessageHeaderEncoder.ENCODED_LENGTH + EventParkedEncoder.BLOCK_LENGTH
        + EventParkedEncoder.subscriptionHeaderLength() + EventParkedEncoder.reasonHeaderLength()
        + EventParkedEncoder.eventBytesHeaderLength();
    private static final int UTF_8_CONTINUATION_MASK = 0xC0;
    private static final int UTF_8_CONTINUATION = 0x80;

    private final ControlAppender appender;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final EventParkedEncoder parked = new EventParkedEncoder();
    private final ParkedResolvedEncoder resolved = new ParkedResolvedEncoder();

    /**
     * Makes a proxy.
     *
     * @param appender to the log.
     */
    public ParkedEventsProxy(final ControlAppender appender) {
        this.appender = appender;
    }

    /**
     * Parks an event, for the first time or again with what is new about it, and waits until that is recorded.
     *
     * @param about       what is known of it; its log position is not yet.
     * @param event       that holds the event's bytes.
     * @param offset      where they begin.
     * @param lengthBytes how many there are.
     * @return false when a record of the log cannot hold it; it is not parked then.
     * @throws InterruptedException when the thread was interrupted; the event may be parked all the same.
     * @throws LogException         when the log is closed.
     */
    public boolean park(
        final ParkedEvent about, final DirectBuffer event, final int offset, final int lengthBytes)
        throws InterruptedException {
        final byte[] subscription = about.subscription().getBytes(StandardCharsets.UTF_8);
        final int roomForReason = appender.maxLengthBytes() - OVERHEAD_BYTES - subscription.length - lengthBytes;
        if (roomForReason < 0) {
            return false;
        }
        final byte[] reason = cut(about.reason(), Math.min(MAX_REASON_BYTES, roomForReason));
        parked.wrapAndApplyHeader(buffer, 0, header)
            .sequence(about.sequence())
            .parkedAtNs(about.parkedAtNs())
            .attempts(about.attempts())
            .heldBack(about.heldBack() ? Flag.YES : Flag.NO)
            .putSubscription(subscription, 0, subscription.length)
            .putReason(reason, 0, reason.length)
            .putEventBytes(event, offset, lengthBytes);
        appender.append(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + parked.encodedLength());
        return true;
    }

    /** Cuts between characters. */
    private static byte[] cut(final String text, final int maxBytes) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return bytes;
        }
        int length = maxBytes;
        while (length > 0 && (bytes[length] & UTF_8_CONTINUATION_MASK) == UTF_8_CONTINUATION) {
            length--;
        }
        return Arrays.copyOf(bytes, length);
    }

    /**
     * Records that a parked event is done with, and waits until that is recorded.
     *
     * @param event        the parked event.
     * @param resolution   what was done.
     * @param resolvedAtNs since the Unix epoch.
     * @throws InterruptedException when the thread was interrupted; it may be recorded all the same.
     * @throws LogException         when the log is closed.
     */
    public void resolve(final ParkedEvent event, final Resolution resolution, final long resolvedAtNs)
        throws InterruptedException {
        resolved.wrapAndApplyHeader(buffer, 0, header)
            .sequence(event.sequence())
            .resolvedAtNs(resolvedAtNs)
            .resolution(resolution)
            .subscription(event.subscription());
        appender.append(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + resolved.encodedLength());
    }
}
