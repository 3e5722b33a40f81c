package io.headrace.bus.adapter;

import io.headrace.bus.publish.Publisher;

/** What the bus gives to a source. */
public interface SourceContext extends AdapterContext {
    /**
     * Where the source publishes. Safe for several threads; each needs its own
     * {@link io.headrace.bus.publish.EventClaim}.
     *
     * @return the publisher.
     */
    Publisher publisher();

    /**
     * How far the bus has taken over responsibility: every lossless subscription has finished every event up to and
     * including this sequence, so that the origin need not keep it. Moves forward only. A source confirms upstream
     * nothing that lies past it.
     *
     * @return the finished sequence, or -1 when there is none yet.
     */
    long finishedSequence();
}
