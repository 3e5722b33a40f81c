package io.headrace.adapters.testkit;

/** What a target shows of the changes that were delivered to it. */
public enum TargetKind {
    /** Every change, in the order of their delivery, and a change that was delivered twice shows once. */
    APPENDS_ONCE,
    /** Every change, in the order of their delivery; one that was delivered again after a failure may show twice. */
    APPENDS_AT_LEAST_ONCE,
    /** Of each key the latest change. */
    KEEPS_LATEST
}
