package io.headrace.bus.ring;

/** How many threads publish to a ring. */
public enum ProducerMode {
    /** Any number of threads at once. The default. */
    MULTI,
    /** One thread only, which nothing checks; claims are cheaper. */
    SINGLE
}
