package io.headrace.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Any thread: who has a subscription, which is one thread that polls, one that ends it, or nobody. Who ends it while
 * another thread polls leaves the ending to that thread, as only there the handler is known to have returned.
 *
 * <pre>
 *   FREE ◀──enter, leave──▶ POLLING ──ending──▶ ENDED
 * </pre>
 */
final class PollGate {
    private static final int FREE = 0;
    private static final int POLLING = 1;
    private static final int ENDED = 2;

    private final AtomicInteger owner = new AtomicInteger(FREE);
    private final Runnable ending;
    private volatile boolean closing;

    /**
     * A gate that is open.
     *
     * @param ending run once, by the thread that ends the subscription, when nobody polls any more.
     */
    PollGate(final Runnable ending) {
        this.ending = ending;
    }

    /** {@return whether the caller has it now, and must leave} */
    boolean tryEnter() {
        return owner.compareAndSet(FREE, POLLING);
    }

    /** {@return why it could not be entered} */
    IllegalStateException refusal() {
        return new IllegalStateException(owner.get() == ENDED
            ? "the subscription is closed" : "another thread polls, or this is called by the handler");
    }

    /**
     * Leaves it, and ends it if that was asked for meanwhile.
     *
     * @param last whether it ends anyway.
     */
    void leave(final boolean last) {
        if (last || closing) {
            end();
            return;
        }
        owner.set(FREE);
        if (closing) {
            // By somebody who found it taken just before, and leaves the ending to this thread.
            close();
        }
    }

    /** Ends it, now or when the thread that polls leaves. */
    void close() {
        closing = true;
        if (tryEnter()) {
            end();
        }
    }

    /**
     * Ends it, and waits until that is done.
     *
     * @param pause how long to wait for a thread that polls.
     * @return false when that one did not leave in time.
     */
    boolean close(final Pause pause) {
        close();
        while (owner.get() != ENDED) {
            if (!pause.more()) {
                return false;
            }
            close();
        }
        return true;
    }

    private void end() {
        try {
            ending.run();
        } finally {
            owner.set(ENDED);
        }
    }
}
