package io.headrace.codecs;

import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.TransactionMarkDecoder;
import org.agrona.DirectBuffer;

/**
 * The thread of the subscription that it belongs to: reads one TransactionMark that it did not necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer they read zeros, and {@link #mark()} is null.
 */
public final class TransactionMarkView {
    private final TransactionMarkDecoder decoder = new TransactionMarkDecoder();
    private final MessageReader reader = new MessageReader(
        TransactionMarkDecoder.TEMPLATE_ID, TransactionMarkDecoder.BLOCK_LENGTH, 0, MessageReader.NO_LONG_FIELD);
    private Mark mark;

    /** A view of nothing, until it wraps a mark. */
    public TransactionMarkView() {
        blank();
    }

    /**
     * Checks a mark and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws for
     * what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the message.
     * @param offset of its SBE header.
     * @param length of the message in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = read(buffer, offset, length);
        if (error != DecodeError.NONE) {
            blank();
        }
        return error;
    }

    /**
     * The buffer that holds the message.
     *
     * @return the wrapped buffer itself.
     */
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    /**
     * Where the message begins in the buffer.
     *
     * @return offset of its SBE header.
     */
    public int offset() {
        return reader.offset();
    }

    /**
     * How long the message is.
     *
     * @return length in bytes with the header; 0 if none is wrapped.
     */
    public int length() {
        return reader.length();
    }

    /**
     * Whether a transaction begins or ends here, or an initial snapshot ends, which is no transaction.
     *
     * @return the mark; null if no message is wrapped.
     */
    public Mark mark() {
        return mark;
    }

    /**
     * The source's id of the transaction.
     *
     * @return the id.
     */
    public long transactionId() {
        return decoder.transactionId();
    }

    /**
     * When the transaction was committed, by the source's clock.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long commitTimeNs() {
        return decoder.commitTimeNs();
    }

    /**
     * Place of the commit in the source's log.
     *
     * @return the LSN.
     */
    public long commitLsn() {
        return decoder.commitLsn();
    }

    /**
     * How many row changes and documents the transaction has.
     *
     * @return the count; 0 in a BEGIN.
     */
    public long eventCount() {
        return decoder.eventCount();
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        mark = Enums.mark(decoder.markRaw());
        return mark == null ? DecodeError.BAD_ENUM : reader.fields();
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
        mark = null;
    }
}
