package io.headrace.adapters.file;

/** What becomes of a completed file. */
public enum FileCompression {
    /** It stays as it is. */
    NONE,
    /** It is replaced by its gzip form. */
    GZIP
}
