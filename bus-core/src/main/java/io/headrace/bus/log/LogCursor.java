package io.headrace.bus.log;

import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.ring.EventCursor;
import io.headrace.codecs.EventStamp;
import org.agrona.DirectBuffer;

/** The events of the log as a cursor that a subscription reads like the ring. Owned by one thread. */
public final class LogCursor implements EventCursor, AutoCloseable {
    private final LogReader reader;
    private final BusClock clock;
    private long passedSequence = -1;
    private long passedBefore = -1;
    private long soughtSequence;
    private boolean steppedBack;

    /**
     * Makes a cursor before the first event.
     *
     * @param reader of the log; the cursor closes it.
     * @param clock  of the bus.
     */
    public LogCursor(final LogReader reader, final BusClock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Goes before an event.
     *
     * @param nextSequence the first that is read next.
     * @throws LogException when that part of the log is purged, damaged or cannot be read.
     */
    public void seek(final long nextSequence) {
        reader.seekSequence(nextSequence);
        steppedBack = false;
        passedSequence = nextSequence - 1;
        soughtSequence = nextSequence;
    }

    @Override
    public boolean next() {
        if (steppedBack) {
            steppedBack = false;
            passedSequence = reader.nextSequence() - 1;
            return true;
        }
        while (readNext()) {
            if (reader.type() == RecordType.EVENT) {
                passedBefore = reader.sequence() - 1;
                passedSequence = reader.nextSequence() - 1;
                return true;
            }
        }
        return false;
    }

    private boolean readNext() {
        try {
            return reader.next();
        } catch (final LogException ex) {
            if (ex.category() != LogException.Category.PURGED) {
                throw ex;
            }
            // What has gone may be control messages, or events before the one that was looked for, which nobody
            // needed. When there was more, it is found missing here too.
            reader.seekSequence(Math.max(passedSequence + 1, soughtSequence));
            return reader.next();
        }
    }

    /**
     * Moves over what holds no event, after {@link #next()} found none.
     *
     * @param sequence up to which everything was recorded before that.
     */
    public void passTo(final long sequence) {
        passedSequence = Math.max(passedSequence, sequence);
    }

    @Override
    public void back() {
        steppedBack = true;
        passedSequence = passedBefore;
    }

    @Override
    public void backTo(final long earlierSequence, final long mark) {
        reader.seekPosition(mark);
        steppedBack = false;
        passedSequence = earlierSequence - 1;
    }

    @Override
    public long mark() {
        return reader.position();
    }

    /** {@inheritDoc} The log holds nobody back: there is never anything to give up. */
    @Override
    public boolean release() {
        return false;
    }

    @Override
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    @Override
    public int eventOffset() {
        return reader.offset();
    }

    @Override
    public int eventLengthBytes() {
        return reader.lengthBytes();
    }

    @Override
    public long sequence() {
        return reader.sequence();
    }

    @Override
    public long publishedAtNs() {
        return clock.monotonicNs(EventStamp.publishTimeNs(reader.buffer(), reader.offset()));
    }

    @Override
    public long passedSequence() {
        return passedSequence;
    }

    @Override
    public void close() {
        reader.close();
    }
}
