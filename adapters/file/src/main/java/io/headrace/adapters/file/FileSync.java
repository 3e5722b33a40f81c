package io.headrace.adapters.file;

/** When written lines are forced to the disk, so that they survive a loss of power. */
public enum FileSync {
    /** Never: the operating system decides. Lines survive a crash of the process, not of the machine. */
    NONE,
    /** With each batch, before it counts as delivered. */
    BATCH,
    /** After an interval, and when a file is completed. */
    INTERVAL
}
