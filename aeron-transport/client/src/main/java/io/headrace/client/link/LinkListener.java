package io.headrace.client.link;

import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;

/** What comes of a {@link LinkConnection}. Called by the thread that gives it its turns, within a turn. */
public interface LinkListener {
    /**
     * The link is open: now is the time for requests.
     *
     * @param welcome what the service says about itself.
     */
    void onOpen(LinkWelcome welcome);

    /**
     * An event of a feed, whole.
     *
     * @param sequence     of the event.
     * @param nextSequence the first that an event behind it may have.
     * @param buffer       that holds it until this returns.
     * @param offset       where it begins.
     * @param lengthBytes  its length.
     * @return false to get it again with the next turn.
     */
    boolean onEvent(long sequence, long nextSequence, DirectBuffer buffer, int offset, int lengthBytes);

    /**
     * Anything else that the service says on an open link.
     *
     * @param message that was checked, valid until this returns.
     * @return false to get it again with the next turn.
     */
    boolean onMessage(LinkMessage message);

    /**
     * The service does not give the link, or what was asked for. The link has ended.
     *
     * @param refusal what the matter is; {@link Refusal#SBE_UNKNOWN} from a newer service.
     * @param text    why, and what to do.
     * @return true to try again after a pause, at the next address; false when it would be the same.
     */
    boolean onRefused(Refusal refusal, String text);

    /**
     * The link has ended, or an attempt to open it; it is tried again.
     *
     * @param reason what happened, with a remedy where there is one.
     */
    void onAway(String reason);
}
