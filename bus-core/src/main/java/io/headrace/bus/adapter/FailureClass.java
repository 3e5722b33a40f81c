package io.headrace.bus.adapter;

/** What can be done about a failed delivery. */
public enum FailureClass {
    /** The target may take it later: a connection lost, a time-out, a deadlock. */
    RETRIABLE,
    /** This event can never be delivered, others can: a constraint violated, a value out of range. */
    POISON,
    /** Nothing can be delivered until a person acts: a missing table, a wrong password. */
    FATAL
}
