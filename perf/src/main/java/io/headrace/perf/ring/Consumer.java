package io.headrace.perf.ring;

import io.headrace.perf.rig.SequenceCheck;
import org.agrona.DirectBuffer;

import java.util.concurrent.atomic.AtomicLong;

/** A consuming thread: checks the numbers that each publisher gave its events, and counts. */
final class Consumer {
    /** What an event begins with: the publisher and its number of the event. */
    static final int PUBLISHER_OFFSET = 0;
    static final int NUMBER_OFFSET = Long.BYTES;

    private static final int SHOWN_EVERY = 64;

    private final SequenceCheck[] checks;
    private final AtomicLong shownCount = new AtomicLong();
    private long count;

    Consumer(final int publisherCount) {
        checks = new SequenceCheck[publisherCount];
        for (int i = 0; i < publisherCount; i++) {
            checks[i] = new SequenceCheck();
        }
    }

    void onEvent(final DirectBuffer buffer, final int offset) {
        onEvent((int)buffer.getLong(offset + PUBLISHER_OFFSET), buffer.getLong(offset + NUMBER_OFFSET));
    }

    void onEvent(final int publisher, final long number) {
        checks[publisher].onNumber(number);
        if (++count % SHOWN_EVERY == 0) {
            shownCount.lazySet(count);
        }
    }

    /** Called by the consuming thread whenever it has nothing to do, so that the last events are seen too. */
    void show() {
        shownCount.lazySet(count);
    }

    long shownCount() {
        return shownCount.get();
    }

    SequenceCheck check(final int publisher) {
        return checks[publisher];
    }
}
