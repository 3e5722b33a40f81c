package io.headrace.perf.codec;

import java.io.IOException;

/** One thread: turns a row into an event's bytes, kept by index, and reads every value of it back. */
interface RowCodec {
    /** Encodes; answers the length in bytes. */
    int encode(int index, Row row) throws IOException;

    /** Reads all values, texts as strings; answers {@link Row#digest()}. */
    long decode(int index) throws IOException;
}
