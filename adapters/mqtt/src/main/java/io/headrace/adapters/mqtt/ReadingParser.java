package io.headrace.adapters.mqtt;

/**
 * The thread of the source's event loop: looks for a reading in a payload, in the way that one rule says.
 */
interface ReadingParser {
    /**
     * Reads a payload. Any bytes may come; those that do not fit are a {@link ReadingDraft#misfit(String)}.
     *
     * @param bytes  that hold the payload.
     * @param length of the payload, which begins at 0.
     * @param draft  cleared; filled in.
     */
    void parse(byte[] bytes, int length, ReadingDraft draft);
}
