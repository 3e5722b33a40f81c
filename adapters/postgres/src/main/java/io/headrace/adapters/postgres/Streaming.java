package io.headrace.adapters.postgres;

/** Where a transaction larger than the server's {@code logical_decoding_work_mem} waits for its commit. */
public enum Streaming {
    /** On this host: the server sends it while it runs, which makes its commit arrive sooner. */
    ON,
    /** On the server's disk. */
    OFF
}
