package io.headrace.bus.log;

/** The event log cannot be opened, read or written. The message says where, why, and what would mend it. */
public final class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Category {
        /** Another process has the log. */
        IN_USE,
        /** There is no log, or no such part of it. */
        MISSING,
        /** What should be there was purged by the retention. */
        PURGED,
        /** A record's bytes are not what was written. */
        DAMAGED,
        /** The log was made with settings that these do not fit. */
        MISMATCH,
        /** The storage or the driver failed. */
        STORAGE
    }

    private final Category category;

    /**
     * Makes an exception.
     *
     * @param category what is wrong.
     * @param message  where, why and what would mend it.
     * @param cause    or null.
     */
    public LogException(final Category category, final String message, final Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    /** {@return what is wrong} */
    public Category category() {
        return category;
    }
}
