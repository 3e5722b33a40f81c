package io.headrace.bus.log;

import org.agrona.DirectBuffer;

/** Takes records of the event log, one by one and in order. */
@FunctionalInterface
public interface LogRecordHandler {
    /**
     * Takes one record.
     *
     * @param type         of the record.
     * @param sequence     of an event; for others the next event's.
     * @param nextSequence the first that an event behind this record may have.
     * @param position     the log position at which the record begins.
     * @param buffer       that holds the event or message, valid until this method returns.
     * @param offset       where it begins.
     * @param lengthBytes  its length.
     */
    void onRecord(
        RecordType type,
        long sequence,
        long nextSequence,
        long position,
        DirectBuffer buffer,
        int offset,
        int lengthBytes);
}
