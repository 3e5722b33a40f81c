package io.headrace.bus.log;

import org.agrona.DirectBuffer;

/**
 * The port to the event log: an append-only stream of records, each an event or a control message, kept beyond the
 * process. Owned by the log thread, except what is marked for any thread. It is opened whole: a torn tail is cut by
 * then, and damage elsewhere was refused.
 */
public interface EventLog extends AutoCloseable {
    /** No room now, as the storage is slower than the publishers; trying again after {@link #doWork()} may succeed. */
    long BACK_PRESSURED = -2;

    /** The storage fails; {@link #failure()} says why. Records not recorded must be appended again afterwards. */
    long FAILED = -3;

    /** {@return a random number, the same for the whole life of a log; for any thread} */
    long logId();

    /**
     * The first sequence that the next event may have: one past everything recorded when the log was opened.
     *
     * @return the sequence; 0 for a new log.
     */
    long nextSequence();

    /**
     * Reads what the state is recovered from: every record from the last complete checkpoint on, or from the log's
     * start when there is none. Called once, before anything is appended.
     *
     * @param handler of the records.
     * @throws LogException when a record cannot be read.
     */
    void recover(LogRecordHandler handler);

    /**
     * Appends a record. Never blocks, allocates nothing.
     *
     * @param type         of the record.
     * @param sequence     of an event; for others the next event's.
     * @param nextSequence the first that an event behind this record may have.
     * @param timeNs       since the Unix epoch; the publish time of an event.
     * @param buffer       that holds the event or message.
     * @param offset       where it begins.
     * @param lengthBytes  its length, at most {@link #maxRecordLengthBytes()}.
     * @return the log position behind the record, {@link #BACK_PRESSURED} or {@link #FAILED}.
     */
    long append(
        RecordType type,
        long sequence,
        long nextSequence,
        long timeNs,
        DirectBuffer buffer,
        int offset,
        int lengthBytes);

    /** {@return the log position behind the last record appended} */
    long appendedPosition();

    /**
     * The log position up to which records are recorded, as the sync level defines it. Always the end of a record.
     * For any thread.
     *
     * @return the position.
     */
    long recordedPosition();

    /**
     * Does a part of the storage's work, and looks how far it has come.
     *
     * @return the amount of work done, 0 when there was nothing to do.
     */
    int doWork();

    /**
     * Whether and why the storage does not record. After a failure that may pass, as a full disk, it tries again by
     * itself from {@link #doWork()}; when it records again, {@link #appendedPosition()} is back at
     * {@link #recordedPosition()}, and the caller appends again what was not recorded.
     *
     * @return a reason with a remedy, or null while it records. For any thread.
     */
    String failure();

    /**
     * Lets go of old segments, as the retention allows.
     *
     * @param neededSequence the lowest that somebody still needs.
     * @param neededPosition the lowest log position that somebody still needs.
     * @param nowNs          since the Unix epoch.
     * @return the first log position that is still there.
     */
    long retain(long neededSequence, long neededPosition, long nowNs);

    /** {@return the longest event or message that a record takes, in bytes; for any thread} */
    int maxRecordLengthBytes();

    /**
     * Makes a reader of what is recorded, which follows the recording. For any thread; each reader belongs to one.
     *
     * @return the reader, standing before the first record.
     */
    LogReader newReader();

    /**
     * How the log is, as far as the writer knows it without reading. For any thread.
     *
     * @return the description; its epoch is the last one when the log was opened, and its first event is left out when
     * segments were purged since.
     */
    LogDescription describe();

    /** Records what was appended, as far as the storage works, and closes it. */
    @Override
    void close();
}
