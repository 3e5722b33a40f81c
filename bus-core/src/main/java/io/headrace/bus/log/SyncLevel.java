package io.headrace.bus.log;

/** When an event counts as recorded. */
public enum SyncLevel {
    /** When the operating system has it: it survives the death of the process, not that of the machine. */
    NONE,
    /** When the disk has it (fdatasync): it survives the loss of power as far as the disk keeps its word. */
    DATA
}
