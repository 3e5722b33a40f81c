package io.headrace.aeron.link;

import io.headrace.bus.log.EpochHistory;
import io.headrace.client.link.LinkConnection;
import io.headrace.codecs.sbe.link.FollowRequestEncoder;
import io.headrace.codecs.sbe.link.MessageHeaderEncoder;
import io.headrace.codecs.sbe.link.ReplicaStateEncoder;
import io.headrace.codecs.sbe.link.StepDownRequestEncoder;
import org.agrona.ExpandableArrayBuffer;

/** Encodes what a replica says to its leader; owned by the link thread. A message is offered once: nothing waits. */
final class FollowProxy {
    private static final int MAX_EPOCHS = 65_534;

    private final LinkConnection connection;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FollowRequestEncoder follow = new FollowRequestEncoder();
    private final ReplicaStateEncoder state = new ReplicaStateEncoder();
    private final StepDownRequestEncoder stepDown = new StepDownRequestEncoder();

    FollowProxy(final LinkConnection connection) {
        this.connection = connection;
    }

    /** Whether a history fits a message. */
    boolean canFollow(final EpochHistory epochs) {
        final long lengthBytes = MessageHeaderEncoder.ENCODED_LENGTH + FollowRequestEncoder.BLOCK_LENGTH
            + FollowRequestEncoder.EpochsEncoder.sbeHeaderSize()
            + epochs.epoch() * FollowRequestEncoder.EpochsEncoder.sbeBlockLength();
        return epochs.epoch() <= MAX_EPOCHS && lengthBytes <= connection.maxMessageBytes();
    }

    boolean follow(final EpochHistory epochs, final long nextSequence, final int slotBytes) {
        final FollowRequestEncoder.EpochsEncoder each = follow.wrapAndApplyHeader(buffer, 0, header)
            .linkId(connection.linkId())
            .logId(epochs.epoch() == 0 ? 0 : epochs.logId())
            .nextSequence(nextSequence)
            .slotBytes(slotBytes)
            .epochsCount((int)epochs.epoch());
        for (long epoch = 1; epoch <= epochs.epoch(); epoch++) {
            each.next().firstSequence(epochs.firstSequence(epoch)).startTimeNs(epochs.startTimeNs(epoch));
        }
        return offer(follow.encodedLength());
    }

    boolean state(final long nextSequence) {
        state.wrapAndApplyHeader(buffer, 0, header).linkId(connection.linkId()).nextSequence(nextSequence);
        return offer(state.encodedLength());
    }

    boolean stepDown(final long epoch) {
        stepDown.wrapAndApplyHeader(buffer, 0, header).linkId(connection.linkId()).epoch(epoch);
        return offer(stepDown.encodedLength());
    }

    private boolean offer(final int bodyBytes) {
        return connection.offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyBytes) > 0;
    }
}
