package io.headrace.aeron.link;

import io.aeron.ExclusivePublication;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.log.EpochHistory;
import io.headrace.codecs.sbe.link.FeedEventEncoder;
import io.headrace.codecs.sbe.link.FeedPartEncoder;
import io.headrace.codecs.sbe.link.FeedStateEncoder;
import io.headrace.codecs.sbe.link.FollowAcceptedEncoder;
import io.headrace.codecs.sbe.link.LinkChallengeEncoder;
import io.headrace.codecs.sbe.link.LinkRefusedEncoder;
import io.headrace.codecs.sbe.link.LinkWelcomeEncoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.PublishAnswerEncoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.SteppedDownEncoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Encodes what the service says to one other process; owned by the link thread. Nothing waits: a message is offered
 * once, and the answer is whether it went.
 */
final class LinkProxy {
    private static final int MAX_TEXT_BYTES = 1024;
    private static final int INITIAL_LENGTH = 2048;
    private static final int FEED_EVENT_LENGTH =
        MessageHeaderEncoder.ENCODED_LENGTH + FeedEventEncoder.BLOCK_LENGTH + FeedEventEncoder.eventBytesHeaderLength();
    private static final int FEED_PART_LENGTH =
        MessageHeaderEncoder.ENCODED_LENGTH + FeedPartEncoder.BLOCK_LENGTH + FeedPartEncoder.eventBytesHeaderLength();

    private final long linkId;
    private final ExclusivePublication publication;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_LENGTH);
    private final UnsafeBuffer eventHeader = new UnsafeBuffer(new byte[FEED_EVENT_LENGTH]);
    private final UnsafeBuffer partHeader = new UnsafeBuffer(new byte[FEED_PART_LENGTH]);
    private final UnsafeBuffer answerBuffer =
        new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + PublishAnswerEncoder.BLOCK_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FeedEventEncoder event = new FeedEventEncoder();
    private final FeedPartEncoder part = new FeedPartEncoder();
    private final FeedStateEncoder state = new FeedStateEncoder();
    private final PublishAnswerEncoder answer = new PublishAnswerEncoder();
    private int partOffset;
    private boolean closed;

    LinkProxy(final long linkId, final ExclusivePublication publication) {
        this.linkId = linkId;
        this.publication = publication;
        event.wrapAndApplyHeader(eventHeader, 0, header).linkId(linkId);
        part.wrapAndApplyHeader(partHeader, 0, header).linkId(linkId);
        answer.wrapAndApplyHeader(answerBuffer, 0, header).linkId(linkId);
    }

    boolean isConnected() {
        return publication.isConnected();
    }

    /** Whether nothing that is offered can ever arrive. */
    boolean isClosed() {
        return closed || publication.isClosed();
    }

    boolean challenge(final byte[] nonce) {
        final LinkChallengeEncoder encoder = new LinkChallengeEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).linkId(linkId).putNonce(nonce, 0, nonce.length);
        return offer(encoder.encodedLength());
    }

    boolean welcome(
        final BusRole role,
        final EpochHistory epochs,
        final boolean hasLog,
        final long nextSequence,
        final int maxEventBytes,
        final int slotBytes,
        final String service) {
        final LinkWelcomeEncoder encoder = new LinkWelcomeEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .busRole(encoded(role))
            .logId(hasLog ? epochs.logId() : 0)
            .epoch(epochs.epoch())
            .nextSequence(nextSequence)
            .maxEventBytes(maxEventBytes)
            .slotBytes(slotBytes)
            .service(service);
        return offer(encoder.encodedLength());
    }

    boolean refused(final Refusal refusal, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final LinkRefusedEncoder encoder = new LinkRefusedEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .refusal(refusal)
            .putText(bytes, 0, Math.min(bytes.length, MAX_TEXT_BYTES));
        return offer(encoder.encodedLength());
    }

    boolean answer(final long correlationId, final long sequence) {
        answer.correlationId(correlationId).sequence(sequence);
        return went(publication.offer(answerBuffer, 0, answerBuffer.capacity()));
    }

    boolean state(
        final long sentSequence,
        final long recordedSequence,
        final long epoch,
        final BusRole role,
        final long sentAtNs) {
        state.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .sentSequence(sentSequence)
            .recordedSequence(recordedSequence)
            .epoch(epoch)
            .busRole(encoded(role))
            .sentAtNs(sentAtNs);
        return offer(FeedStateEncoder.BLOCK_LENGTH);
    }

    boolean followAccepted(final EpochHistory epochs, final long fromSequence, final long cutSequence) {
        final FollowAcceptedEncoder encoder = new FollowAcceptedEncoder();
        final FollowAcceptedEncoder.EpochsEncoder each = encoder.wrapAndApplyHeader(buffer, 0, header)
            .linkId(linkId)
            .logId(epochs.logId())
            .fromSequence(fromSequence)
            .cutSequence(cutSequence)
            .epochsCount((int)epochs.epoch());
        for (long epoch = 1; epoch <= epochs.epoch(); epoch++) {
            each.next().firstSequence(epochs.firstSequence(epoch)).startTimeNs(epochs.startTimeNs(epoch));
        }
        return offer(encoder.encodedLength());
    }

    boolean steppedDown(final long nextSequence) {
        final SteppedDownEncoder encoder = new SteppedDownEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, header).linkId(linkId).nextSequence(nextSequence);
        return offer(encoder.encodedLength());
    }

    /** Sends an event, in parts when it is long; to be called again with the same event until it answers true. */
    boolean event(
        final long sequence,
        final long nextSequence,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes) {
        final int partBytes = publication.maxMessageLength() - FEED_EVENT_LENGTH;
        while (lengthBytes - partOffset > partBytes) {
            putDataLength(partHeader, FEED_PART_LENGTH, partBytes);
            if (!went(publication.offer(
                partHeader, 0, FEED_PART_LENGTH, source, offset + partOffset, partBytes))) {
                return false;
            }
            partOffset += partBytes;
        }
        final int restBytes = lengthBytes - partOffset;
        event.sequence(sequence).nextSequence(nextSequence);
        putDataLength(eventHeader, FEED_EVENT_LENGTH, restBytes);
        if (!went(publication.offer(eventHeader, 0, FEED_EVENT_LENGTH, source, offset + partOffset, restBytes))) {
            return false;
        }
        partOffset = 0;
        return true;
    }

    private static void putDataLength(final UnsafeBuffer headerBuffer, final int headerLength, final int lengthBytes) {
        headerBuffer.putInt(headerLength - Integer.BYTES, lengthBytes, ByteOrder.LITTLE_ENDIAN);
    }

    private boolean offer(final int encodedLength) {
        final int lengthBytes = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        return went(lengthBytes > publication.maxMessageLength()
            ? ExclusivePublication.CLOSED : publication.offer(buffer, 0, lengthBytes));
    }

    private boolean went(final long result) {
        closed |= result == ExclusivePublication.CLOSED || result == ExclusivePublication.MAX_POSITION_EXCEEDED;
        return result > 0;
    }

    private static io.headrace.codecs.sbe.link.BusRole encoded(final BusRole role) {
        return switch (role) {
            case LEADER -> io.headrace.codecs.sbe.link.BusRole.LEADER;
            case REPLICA -> io.headrace.codecs.sbe.link.BusRole.REPLICA;
            case FENCED -> io.headrace.codecs.sbe.link.BusRole.FENCED;
        };
    }

    void close() {
        publication.close();
    }
}
