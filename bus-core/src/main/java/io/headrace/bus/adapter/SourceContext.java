package io.headrace.bus.adapter;

import io.headrace.bus.publish.Publisher;
import java.util.Optional;

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
     * How far the bus has taken over responsibility, so that the origin need not keep it: every event up to and
     * including this sequence is recorded in the event log, or, on a bus without one, finished by every lossless
     * subscription. Moves forward only. A source confirms upstream nothing that lies past it.
     *
     * @return the finished sequence, or -1 when there is none yet.
     */
    long finishedSequence();

    /**
     * Where the source stood when the event log was opened: it resumes behind this, and publishes nothing again that
     * lies before.
     *
     * @return what was recorded of this source; empty for a source that the log does not know, and without a log.
     */
    Optional<RecordedSource> recorded();

    /**
     * Whether the bus has an event log, so that {@link #recorded()} tells what came before: on a durable bus, nothing
     * recorded means that nothing was ever taken over from this source.
     *
     * @return false on a bus whose events end with the process.
     */
    boolean durable();
}
