package io.headrace.bus.log;

import org.agrona.DirectBuffer;

/**
 * Walks over the records of an event log, old ones and those that are being recorded. Owned by one thread. It holds
 * neither the bus nor the log thread back.
 */
public interface LogReader extends AutoCloseable {
    /**
     * Goes before the first event with at least the given sequence.
     *
     * @param sequence to look for.
     * @throws LogException when that part of the log is purged, damaged or cannot be read.
     */
    void seekSequence(long sequence);

    /**
     * Goes before the first event that was published at the given time or later.
     *
     * @param timeNs since the Unix epoch.
     * @throws LogException when the log cannot be read.
     */
    void seekTime(long timeNs);

    /**
     * Goes before a record.
     *
     * @param position at which a record begins, as {@link #position()} told it, or the end of the log.
     * @throws LogException when that part of the log is purged, damaged or cannot be read.
     */
    void seekPosition(long position);

    /**
     * Moves to the next record that is recorded.
     *
     * @return false when there is none now.
     * @throws LogException when the record is damaged, with its place, or purged meanwhile.
     */
    boolean next();

    /** {@return the record's type} */
    RecordType type();

    /** {@return the event's sequence; the next event's for other records} */
    long sequence();

    /** {@return the first sequence that an event behind this record may have} */
    long nextSequence();

    /** {@return the log position at which the record begins} */
    long position();

    /** {@return the log position behind the record, where the next begins} */
    long nextPosition();

    /** {@return the buffer that holds the event or message, valid until the reader moves} */
    DirectBuffer buffer();

    /** {@return where in the buffer it begins} */
    int offset();

    /** {@return its length in bytes} */
    int lengthBytes();

    @Override
    void close();
}
