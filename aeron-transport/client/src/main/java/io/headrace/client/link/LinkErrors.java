package io.headrace.client.link;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Any thread: counts the errors of a driver and its client, and lets of those that are alike one through in ten
 * seconds. While a link is down, each datagram that cannot be sent is an error: 150,000 of them in a minute.
 */
public final class LinkErrors implements ErrorHandler {
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_KINDS = 64;
    private static final int KIND_LENGTH = 40;

    private final ErrorHandler log;
    private final NanoClock clock;
    private final AtomicLong errorCount = new AtomicLong();
    private final Map<String, Long> nextLogNs = new LinkedHashMap<>();

    /**
     * Errors from now on.
     *
     * @param log   gets one of each kind in ten seconds.
     * @param clock for that.
     */
    public LinkErrors(final ErrorHandler log, final NanoClock clock) {
        this.log = log;
        this.clock = clock;
    }

    /** {@return how many there were, with those that were not logged} */
    public long errorCount() {
        return errorCount.get();
    }

    @Override
    public void onError(final Throwable error) {
        errorCount.incrementAndGet();
        if (isDue(kindOf(error), clock.nanoTime())) {
            log.onError(error);
        }
    }

    private synchronized boolean isDue(final String kind, final long nowNs) {
        final Long next = nextLogNs.get(kind);
        if (next != null && nowNs - next < 0) {
            return false;
        }
        if (next == null && nextLogNs.size() == MAX_KINDS) {
            nextLogNs.remove(nextLogNs.keySet().iterator().next());
        }
        nextLogNs.put(kind, nowNs + QUIET_NS);
        return true;
    }

    /** The rest of a message names ports, sessions and lengths. */
    private static String kindOf(final Throwable error) {
        final String text = error.getClass().getName() + ": " + error.getMessage();
        return text.substring(0, Math.min(text.length(), error.getClass().getName().length() + KIND_LENGTH));
    }
}
