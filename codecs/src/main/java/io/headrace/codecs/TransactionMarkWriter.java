package io.headrace.codecs;

import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.TransactionMarkEncoder;
import org.agrona.MutableDirectBuffer;

/**
 * The source's thread: encodes one TransactionMark, where a transaction of the source begins or ends in the total
 * order. Fields in any order; only the mark has no default.
 */
public final class TransactionMarkWriter {
    private final TransactionMarkEncoder encoder = new TransactionMarkEncoder();
    private final MessageWriter writer = new MessageWriter(
        TransactionMarkEncoder.TEMPLATE_ID, TransactionMarkEncoder.BLOCK_LENGTH, 0, MessageWriter.NO_LONG_FIELD);

    /**
     * Starts a mark: writes the SBE header and clears the block.
     *
     * @param buffer to encode into.
     * @param offset where the message begins.
     * @return this.
     */
    public TransactionMarkWriter wrap(final MutableDirectBuffer buffer, final int offset) {
        writer.wrap(buffer, offset);
        encoder.wrap(buffer, writer.blockOffset());
        return this;
    }

    /**
     * Starts a mark: writes the SBE header and clears the block.
     *
     * <p>It may use only a part of the buffer, because what lies behind that part belongs to somebody else.
     *
     * @param buffer         to encode into.
     * @param offset         where the message begins.
     * @param maxLengthBytes that it may take; {@link IndexOutOfBoundsException} when it would take more.
     * @return this.
     */
    public TransactionMarkWriter wrap(final MutableDirectBuffer buffer, final int offset, final int maxLengthBytes) {
        writer.wrap(buffer, offset, maxLengthBytes);
        encoder.wrap(buffer, writer.blockOffset());
        return this;
    }

    /**
     * Whether a transaction begins or ends here, or an initial snapshot ends, which is no transaction. Required.
     *
     * @param mark BEGIN, COMMIT or SNAPSHOT_END.
     * @return this.
     */
    public TransactionMarkWriter mark(final Mark mark) {
        encoder.mark(mark);
        return this;
    }

    /**
     * The source's id of the transaction.
     *
     * @param transactionId of the source.
     * @return this.
     */
    public TransactionMarkWriter transactionId(final long transactionId) {
        encoder.transactionId(transactionId);
        return this;
    }

    /**
     * When the transaction was committed, by the source's clock.
     *
     * @param commitTimeNs since the Unix epoch.
     * @return this.
     */
    public TransactionMarkWriter commitTimeNs(final long commitTimeNs) {
        encoder.commitTimeNs(commitTimeNs);
        return this;
    }

    /**
     * Place of the commit in the source's log.
     *
     * @param commitLsn of the source.
     * @return this.
     */
    public TransactionMarkWriter commitLsn(final long commitLsn) {
        encoder.commitLsn(commitLsn);
        return this;
    }

    /**
     * How many row changes and documents the transaction has.
     *
     * @param eventCount of the whole transaction; 0 in a BEGIN.
     * @return this.
     */
    public TransactionMarkWriter eventCount(final long eventCount) {
        encoder.eventCount(eventCount);
        return this;
    }

    /**
     * Length of the message.
     *
     * @return length in bytes with the header, the same for every mark.
     */
    public int length() {
        return writer.finish();
    }
}
