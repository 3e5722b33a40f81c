package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.client.link.LinkMessage;

/** What an open link is for; owned by the link thread. */
interface LinkTask {
    /**
     * Takes a message of the link.
     *
     * @param message that is whole.
     * @return {@link Action#ABORT} to be given it again; null for a message that does not belong to such a link.
     */
    Action onMessage(LinkMessage message);

    /**
     * Does a part of its work.
     *
     * @param nowNs of the monotonic clock.
     * @return how many events went, or requests were answered.
     */
    int doWork(long nowNs);

    /** {@return whether it waits for more to be recorded} */
    boolean waitsForTheLog();

    /** {@return whether there is something to send now, which what is recorded may have brought} */
    default boolean hasWork() {
        return false;
    }

    /** The link has ended. */
    void onClosed();

    /** {@return up to which sequence the other process has it, or was sent it; -1 for none} */
    long position();

    /** {@return up to which sequence a feed is through; -1 without one} */
    long sentSequence();

    /** {@return how the link is, for people} */
    String state();

    /** {@return how many events went over the link} */
    long eventCount();

    /** {@return how many events were refused} */
    long refusedCount();
}
