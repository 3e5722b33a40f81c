package io.headrace.adapters.postgres;

/** Whether the tables' present rows are published before their changes. */
public enum SnapshotMode {
    /** When the slot does not exist yet: the rows first, then the stream from exactly there. */
    INITIAL,
    /** Only changes, from when the slot is made on. */
    NEVER,
    /** Only the rows; the source is done then. */
    ONLY
}
