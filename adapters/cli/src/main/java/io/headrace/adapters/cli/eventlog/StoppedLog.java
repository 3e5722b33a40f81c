package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.log.ControlAppender;
import io.headrace.bus.log.ControlMessages;
import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogState;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.subscription.StartPosition;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The event log of a service that stands still, opened to write a few control messages into it. Owned by one thread,
 * which is the log thread as long as it is open.
 */
public final class StoppedLog implements ControlAppender, AutoCloseable {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final EventLog log;
    private final LogState state;
    private final ControlMessages messages = new ControlMessages();

    /**
     * Opens the log.
     *
     * @param provider of logs.
     * @param context  of the log.
     * @throws LogException when a service has it, or it cannot be read.
     */
    public StoppedLog(final EventLogProvider provider, final EventLogContext context) {
        log = provider.open(context);
        try {
            state = new LogState(log.logId());
            log.recover(state);
            try (LogReader reader = log.newReader()) {
                state.parked().load(reader);
            }
        } catch (final RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** {@return what the log knows} */
    public LogState state() {
        return state;
    }

    /**
     * Finds the position before which a subscription has finished when it is to begin at a place.
     *
     * @param place where it is to begin.
     * @return the sequence; -1 for before the very first.
     * @throws LogException             when that part of the log is not there any more.
     * @throws IllegalArgumentException when the place lies behind the end of the log.
     */
    public long finishedSequenceBefore(final StartPosition place) {
        final LogDescription description = log.describe();
        final long lastSequence = log.nextSequence() - 1;
        return switch (place.kind()) {
            case NOW -> lastSequence;
            case START -> description.firstSequence() < 0 ? lastSequence : description.firstSequence() - 1;
            case SEQUENCE -> {
                if (place.value() > log.nextSequence()) {
                    throw new IllegalArgumentException("sequence=" + place.value() + " lies behind the end of the" +
                        " event log, whose next sequence is " + log.nextSequence());
                }
                if (description.firstSequence() >= 0 && place.value() < description.firstSequence()) {
                    throw new LogException(LogException.Category.PURGED, "Sequence " + place.value() +
                        " was purged by the retention; the oldest event is " + description.firstSequence() + ".", null);
                }
                yield place.value() - 1;
            }
            case TIME -> finishedSequenceBefore(place.value());
        };
    }

    private long finishedSequenceBefore(final long timeNs) {
        try (LogReader reader = log.newReader()) {
            reader.seekTime(timeNs);
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    return reader.sequence() - 1;
                }
            }
            return log.nextSequence() - 1;
        }
    }

    /**
     * Writes a position, and waits until it is recorded.
     *
     * @param subscription     its name.
     * @param finishedSequence up to which it has finished; empty to forget it.
     * @param laneCount        how many lanes it has.
     * @throws LogException when it is not recorded in time.
     */
    public void writePosition(final String subscription, final Optional<Long> finishedSequence, final int laneCount) {
        final long nowNs = SystemEpochNanoClock.INSTANCE.nanoTime();
        final int lengthBytes;
        if (finishedSequence.isPresent()) {
            final long[] finished = new long[laneCount];
            Arrays.fill(finished, finishedSequence.get());
            lengthBytes = messages.position(subscription, finished, nowNs);
        } else {
            lengthBytes = messages.forgotten(subscription, nowNs);
        }
        append(messages.buffer(), 0, lengthBytes);
    }

    /**
     * {@inheritDoc}
     *
     * @throws LogException when it is not recorded in time.
     */
    @Override
    public void append(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        final long sequence = log.nextSequence();
        long position = EventLog.BACK_PRESSURED;
        while (position < 0 || log.recordedPosition() < position) {
            if (position < 0) {
                position = log.append(RecordType.CONTROL, sequence, sequence,
                    SystemEpochNanoClock.INSTANCE.nanoTime(), buffer, offset, lengthBytes);
            }
            if (log.doWork() == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new LogException(LogException.Category.STORAGE, "The event log did not record in time: " +
                    (log.failure() == null ? "no reason is known" : log.failure()) + ".", null);
            }
        }
    }

    @Override
    public int maxLengthBytes() {
        return log.maxRecordLengthBytes();
    }

    @Override
    public void close() {
        log.close();
    }
}
