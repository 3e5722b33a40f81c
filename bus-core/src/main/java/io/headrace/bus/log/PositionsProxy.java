package io.headrace.bus.log;

import org.agrona.DirectBuffer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the positions of subscriptions into the log when they have moved. Owned by the log thread;
 * {@link #subscriptionAdded()} is for any.
 */
final class PositionsProxy {
    private final List<? extends DurablePosition> subscriptions;
    private final MessageAppender log;
    private final ControlMessages messages = new ControlMessages();
    private final Map<String, long[]> written = new HashMap<>();
    private volatile boolean firstWanted = true;
    /** The first position of some subscription is to be written before an event behind this. */
    private long firstDueSequence = Long.MAX_VALUE;

    /** Appends a control message, and tells the state of the log. */
    @FunctionalInterface
    interface MessageAppender {
        /** Answers false when there is no room. */
        boolean append(DirectBuffer message, int lengthBytes);
    }

    PositionsProxy(
        final List<? extends DurablePosition> subscriptions, final LogState recovered, final MessageAppender log) {
        this.subscriptions = subscriptions;
        this.log = log;
        for (final String name : recovered.subscriptionNames()) {
            written.put(name, recovered.position(name).orElseThrow());
        }
    }

    void subscriptionAdded() {
        firstWanted = true;
    }

    /** Another message may have told an older position: each is written again. */
    void outdated() {
        written.clear();
    }

    /** The storage lost what it had not recorded: each is written again. */
    void lost() {
        written.clear();
        firstWanted = true;
    }

    /**
     * Writes the positions that have changed.
     *
     * @param passedSequence up to where the log has everything.
     * @param nowNs          since the Unix epoch.
     * @return true when there are none left.
     */
    boolean appendChanged(final long passedSequence, final long nowNs) {
        for (final DurablePosition subscription : subscriptions) {
            final long[] finished = subscription.finishedSequences();
            // One that begins with what is published next may be ahead of the log. Were it recorded and the rest lost
            // in a crash, other events would get the sequences that it has passed.
            if (finished.length > 0 && highest(finished) <= passedSequence
                && !Arrays.equals(finished, written.get(subscription.name()))
                && !append(subscription.name(), finished, nowNs)) {
                return false;
            }
        }
        return true;
    }

    private boolean append(final String subscription, final long[] finished, final long nowNs) {
        if (!log.append(messages.buffer(), messages.position(subscription, finished, nowNs))) {
            return false;
        }
        written.put(subscription, finished);
        return true;
    }

    private static long highest(final long[] finished) {
        return Arrays.stream(finished).max().orElseThrow();
    }

    /** Whether {@link #appendFirst} must come before an event. */
    boolean firstDue(final long sequence) {
        return firstWanted || sequence > firstDueSequence;
    }

    /**
     * Writes the first position of each new subscription that must not miss an event: a crash would make it begin anew,
     * behind that event.
     *
     * @param sequence of the event, which is appended next.
     * @param nowNs    since the Unix epoch.
     * @return true when the event may follow.
     */
    boolean appendFirst(final long sequence, final long nowNs) {
        // Before the list is read: who is added meanwhile is looked at next time.
        firstWanted = false;
        firstDueSequence = Long.MAX_VALUE;
        for (final DurablePosition subscription : subscriptions) {
            final long[] finished = subscription.finishedSequences();
            if (finished.length > 0 && !written.containsKey(subscription.name())) {
                final long highest = highest(finished);
                if (highest >= sequence) {
                    firstDueSequence = Math.min(firstDueSequence, highest);
                } else if (!append(subscription.name(), finished, nowNs)) {
                    firstWanted = true;
                    return false;
                }
            }
        }
        return true;
    }
}
