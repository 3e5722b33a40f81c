package io.headrace.bus.link;

/** Who gives the events of a bus their sequences. */
public enum BusRole {
    /** This process does. */
    LEADER,
    /** Another one does, and this one follows its recording. */
    REPLICA,
    /** This one did. Another one has a higher epoch, so this one takes no more events. */
    FENCED
}
