package io.headrace.bus.log;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.codecs.sbe.CheckpointEndEncoder;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.LogEpochEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.SourceStateEncoder;
import io.headrace.codecs.sbe.SubscriptionPositionEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Encodes the control messages of the log, one at a time, into a buffer of its own. Owned by one thread.
 */
public final class ControlMessages {
    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final LogEpochEncoder epoch = new LogEpochEncoder();
    private final SubscriptionPositionEncoder position = new SubscriptionPositionEncoder();
    private final SourceStateEncoder source = new SourceStateEncoder();
    private final CheckpointEndEncoder checkpointEnd = new CheckpointEndEncoder();

    /** {@return the buffer that holds the message encoded last, from offset 0} */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Encodes that a process begins to write the log.
     *
     * @param logId         of the log.
     * @param number        of the epoch.
     * @param firstSequence of the epoch.
     * @param startTimeNs   since the Unix epoch.
     * @return the message's length in bytes.
     */
    public int epoch(final long logId, final long number, final long firstSequence, final long startTimeNs) {
        epoch.wrapAndApplyHeader(buffer, 0, header)
            .logId(logId).epoch(number).firstSequence(firstSequence).startTimeNs(startTimeNs);
        return MessageHeaderEncoder.ENCODED_LENGTH + epoch.encodedLength();
    }

    /**
     * Encodes how far a subscription has finished.
     *
     * @param subscription      its name.
     * @param finishedSequences of each lane.
     * @param writtenAtNs       since the Unix epoch.
     * @return the message's length in bytes.
     */
    public int position(final String subscription, final long[] finishedSequences, final long writtenAtNs) {
        position.wrapAndApplyHeader(buffer, 0, header).writtenAtNs(writtenAtNs).forgotten(Flag.NO);
        final SubscriptionPositionEncoder.LanesEncoder lanes = position.lanesCount(finishedSequences.length);
        for (final long finishedSequence : finishedSequences) {
            lanes.next().finishedSequence(finishedSequence);
        }
        position.subscription(subscription);
        return MessageHeaderEncoder.ENCODED_LENGTH + position.encodedLength();
    }

    /**
     * Encodes that a subscription's position is given up.
     *
     * @param subscription its name.
     * @param writtenAtNs  since the Unix epoch.
     * @return the message's length in bytes.
     */
    public int forgotten(final String subscription, final long writtenAtNs) {
        position.wrapAndApplyHeader(buffer, 0, header).writtenAtNs(writtenAtNs).forgotten(Flag.YES);
        position.lanesCount(0);
        position.subscription(subscription);
        return MessageHeaderEncoder.ENCODED_LENGTH + position.encodedLength();
    }

    /**
     * Encodes how far a source is recorded.
     *
     * @param name     of the source.
     * @param recorded how far.
     * @return the message's length in bytes.
     */
    public int source(final String name, final RecordedSource recorded) {
        source.wrapAndApplyHeader(buffer, 0, header)
            .lastSequence(recorded.lastSequence())
            .openTransaction(recorded.openTransaction() ? Flag.YES : Flag.NO)
            .snapshotOpen(recorded.snapshotOpen() ? Flag.YES : Flag.NO)
            .source(name)
            .putSourcePosition(recorded.sourcePosition(), 0, recorded.sourcePosition().length);
        return MessageHeaderEncoder.ENCODED_LENGTH + source.encodedLength();
    }

    /**
     * Encodes that a checkpoint is complete.
     *
     * @param startPosition log position of its first record.
     * @return the message's length in bytes.
     */
    public int checkpointEnd(final long startPosition) {
        checkpointEnd.wrapAndApplyHeader(buffer, 0, header).startPosition(startPosition);
        return MessageHeaderEncoder.ENCODED_LENGTH + checkpointEnd.encodedLength();
    }
}
