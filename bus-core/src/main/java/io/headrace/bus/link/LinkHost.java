package io.headrace.bus.link;

import io.headrace.bus.Bus;
import io.headrace.bus.log.EpochHistory;

/** The service behind a {@link LinkServer}, which calls it on the link thread: none of these waits. */
public interface LinkHost {
    /** {@return the name of the service} */
    String name();

    /** {@return the bus} */
    Bus bus();

    /** {@return what this bus is now} */
    BusRole role();

    /**
     * Whether a source of the configuration has a name, which no remote publisher may then have.
     *
     * @param name of a remote publisher.
     * @return true when it is taken.
     */
    default boolean isSource(final String name) {
        return false;
    }

    /**
     * A replica knows an epoch that this bus does not: somebody else leads, and this bus is fenced.
     *
     * @param epochs      of the replica.
     * @param replicaName who says so.
     */
    void onHigherEpoch(EpochHistory epochs, String replicaName);

    /**
     * A replica is about to lead: sources and publishers end, and what they published is recorded. Asked again until
     * it is answered.
     *
     * @param epoch       under which it will lead.
     * @param replicaName who asks.
     * @return the first sequence that the log does not have and never will; -1 while it is not yet known.
     */
    long stepDown(long epoch, String replicaName);

    /**
     * A replica has recorded more, or is gone.
     *
     * @param replicaName  of the replica.
     * @param nextSequence the first that its log does not have; -1 when its link has ended.
     */
    void onReplica(String replicaName, long nextSequence);
}
