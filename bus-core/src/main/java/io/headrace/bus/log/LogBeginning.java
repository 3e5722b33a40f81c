package io.headrace.bus.log;

import io.headrace.bus.monitor.BusClock;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes what a process writes first: the epochs that begin, and a checkpoint. Owned by the thread that opens the log,
 * before it becomes the log thread; it waits until all is recorded.
 */
final class LogBeginning {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final EventLog log;
    private final Checkpoints checkpoints;
    private final Checkpoints.RecordAppender appender;
    private final BusClock clock;
    private final long deadlineNs;

    LogBeginning(
        final EventLog log, final Checkpoints checkpoints, final Checkpoints.RecordAppender appender,
        final BusClock clock) {
        this.log = log;
        this.checkpoints = checkpoints;
        this.appender = appender;
        this.clock = clock;
        deadlineNs = clock.nanoTime() + TIMEOUT_NS;
    }

    /**
     * Writes it.
     *
     * @param epochMessages the epochs, which the state knows already.
     * @param nowNs         since the Unix epoch.
     * @throws LogException when the storage does not record it.
     */
    void write(final List<UnsafeBuffer> epochMessages, final long nowNs) {
        boolean recorded = false;
        while (!recorded) {
            recorded = tryToWrite(epochMessages, nowNs);
        }
    }

    /** Answers false when the storage failed meanwhile: then some of it is lost, and all of it is written again. */
    private boolean tryToWrite(final List<UnsafeBuffer> epochMessages, final long nowNs) {
        for (final UnsafeBuffer message : epochMessages) {
            while (appender.append(RecordType.CONTROL, message, message.capacity()) < 0) {
                if (!storageWorks()) {
                    return false;
                }
            }
        }
        checkpoints.start(nowNs);
        while (!checkpoints.write() || log.recordedPosition() < log.appendedPosition()) {
            if (!storageWorks()) {
                return false;
            }
        }
        return true;
    }

    /** Gives the storage a turn; answers false when it failed, after it is back. */
    private boolean storageWorks() {
        boolean works = log.failure() == null;
        if (works) {
            log.doWork();
            requireTime();
        }
        while (log.failure() != null) {
            works = false;
            requireTime();
            log.doWork();
        }
        return works;
    }

    private void requireTime() {
        if (clock.nanoTime() - deadlineNs >= 0) {
            final String reason = log.failure();
            throw new LogException(LogException.Category.STORAGE, "The event log does not record: "
                + (reason == null ? "its storage does not answer" : reason), null);
        }
    }
}
