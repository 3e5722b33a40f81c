package io.headrace.aeron.log;

import org.agrona.ErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes what the driver, the archive and the client complain about; called by the log thread, and with threads of their
 * own by those. It counts everything and keeps the last one for {@link AeronEventLog#failure()}, but writes at most one
 * line a second: a storage that fails repeats itself with every attempt.
 */
final class StorageErrors implements ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StorageErrors.class);
    private static final long LINE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long RECENT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final String SEVERITY = "ERROR - ";

    private final LongSupplier nanoClock;
    private long errorCount;
    private long untoldCount;
    private long nextLineNs;
    private String last;
    private long lastNs;

    StorageErrors(final LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        nextLineNs = nanoClock.getAsLong();
    }

    @Override
    public synchronized void onError(final Throwable error) {
        final long nowNs = nanoClock.getAsLong();
        errorCount++;
        lastNs = nowNs;
        last = error.getMessage() == null ? error.toString() : withoutSeverity(error.getMessage());
        if (nowNs - nextLineNs < 0) {
            untoldCount++;
            return;
        }
        LOG.warn("event log: {} ({} more since the last line)", error, untoldCount);
        LOG.debug("event log", error);
        untoldCount = 0;
        nextLineNs = nowNs + LINE_INTERVAL_NS;
    }

    /** Aeron puts the severity before its messages, more than once when it passes them on. */
    private static String withoutSeverity(final String message) {
        return message.startsWith(SEVERITY) ? withoutSeverity(message.substring(SEVERITY.length())) : message;
    }

    /** {@return how many there were} */
    synchronized long errorCount() {
        return errorCount;
    }

    /** {@return the text of the last one when it is not old and was not taken yet, or null} */
    synchronized String takeLast() {
        final String text = nanoClock.getAsLong() - lastNs <= RECENT_NS ? last : null;
        last = null;
        return text;
    }
}
