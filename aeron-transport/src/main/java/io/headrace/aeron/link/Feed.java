package io.headrace.aeron.link;

import io.headrace.bus.Bus;
import io.headrace.bus.log.LogCursor;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;

/**
 * Sends what is recorded, from a place on, to one other process; owned by the link thread. It reads the log in place:
 * the log thread does nothing for it, and however slow the receiver is, only this feed waits.
 */
final class Feed implements AutoCloseable {
    private static final int MAX_EVENTS_PER_TURN = 128;
    private static final int MAX_BYTES_PER_TURN = 256 << 10;
    private static final int MAX_LOOKS_PER_TURN = 2048;

    private final Bus bus;
    private final LinkProxy proxy;
    private final LinkCounters counters;
    private final TopicSelector topics;
    private final LogCursor cursor;
    private final EventView view = new EventView();
    private long eventCount;
    private boolean blocked;

    /**
     * Makes a feed.
     *
     * @param topics null for everything.
     * @throws LogException when the log cannot be read there.
     */
    Feed(
        final Bus bus,
        final LinkProxy proxy,
        final LinkCounters counters,
        final TopicSelector topics,
        final long fromSequence) {
        this.bus = bus;
        this.proxy = proxy;
        this.counters = counters;
        this.topics = topics;
        cursor = new LogCursor(bus.newLogReader(), bus.clock());
        boolean sought = false;
        try {
            cursor.seek(fromSequence);
            sought = true;
        } finally {
            if (!sought) {
                cursor.close();
            }
        }
    }

    /** With which sequence a feed begins; reads the log. */
    static long fromSequence(final Bus bus, final StartKind kind, final long value) {
        return switch (kind) {
            case START -> firstSequence(bus, 0);
            case TIME -> firstSequence(bus, value);
            case SEQUENCE -> value;
            default -> bus.finishedSequence() + 1;
        };
    }

    private static long firstSequence(final Bus bus, final long timeNs) {
        final long nextSequence = bus.finishedSequence() + 1;
        try (LogReader reader = bus.newLogReader()) {
            if (timeNs > 0) {
                reader.seekTime(timeNs);
            }
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    return reader.sequence();
                }
            }
            return nextSequence;
        }
    }

    /**
     * Sends what there is, up to a bound, so that every link has its turn.
     *
     * @return how many events it has passed, sent or not.
     * @throws LogException when the log cannot be read.
     */
    int doWork() {
        // Before the look: what is recorded meanwhile must not count as passed.
        final long recordedSequence = bus.finishedSequence();
        if (cursor.passedSequence() >= recordedSequence) {
            blocked = false;
            return 0;
        }
        int events = 0;
        int bytes = 0;
        int looks = 0;
        for (; looks < MAX_LOOKS_PER_TURN && events < MAX_EVENTS_PER_TURN && bytes < MAX_BYTES_PER_TURN; looks++) {
            if (!cursor.next()) {
                cursor.passTo(recordedSequence);
                blocked = false;
                break;
            }
            if (isSelected()) {
                blocked = !proxy.event(
                    cursor.sequence(), cursor.passedSequence() + 1, cursor.buffer(), cursor.eventOffset(),
                    cursor.eventLengthBytes());
                if (blocked) {
                    cursor.back();
                    break;
                }
                events++;
                bytes += cursor.eventLengthBytes();
            }
        }
        eventCount += events;
        counters.sentEvents.getAndAddPlain(events);
        counters.sentBytes.getAndAddPlain(bytes);
        return looks;
    }

    private boolean isSelected() {
        // What the view does not accept was recorded by a later version: whoever wants everything gets that too.
        return topics == null
            || view.wrap(cursor.buffer(), cursor.eventOffset(), cursor.eventLengthBytes()) == DecodeError.NONE
            && topics.matches(view.buffer(), view.topicOffset(), view.topicLength());
    }

    /** What the other process is told when the log cannot be read. */
    static Refusal refusalOf(final LogException failure) {
        return failure.category() == LogException.Category.PURGED ? Refusal.PURGED : Refusal.DAMAGED;
    }

    /** {@return up to which sequence it is through} */
    long sentSequence() {
        return cursor.passedSequence();
    }

    /** {@return whether the receiver leaves no room now} */
    boolean isBlocked() {
        return blocked;
    }

    /** {@return whether there is something to send that has room} */
    boolean hasWork() {
        return !blocked && cursor.passedSequence() < bus.finishedSequence();
    }

    long eventCount() {
        return eventCount;
    }

    /** {@return how it is, for people} */
    String state(final long nearSequences) {
        final long lag = bus.finishedSequence() - cursor.passedSequence();
        if (lag <= nearSequences) {
            return "live";
        }
        return blocked ? "waits for its reader" : "catching up";
    }

    @Override
    public void close() {
        cursor.close();
    }
}
