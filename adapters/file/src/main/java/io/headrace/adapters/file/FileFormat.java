package io.headrace.adapters.file;

/** What a line of a file holds. */
public enum FileFormat {
    /** Every event whole, in Headrace's own form. */
    HEADRACE,
    /** Row changes in Debezium's envelope. */
    DEBEZIUM
}
