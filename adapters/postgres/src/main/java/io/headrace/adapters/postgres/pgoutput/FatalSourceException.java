package io.headrace.adapters.postgres.pgoutput;

/** The source cannot go on, and trying again would come to the same: a person must act. Made on the source's thread. */
public final class FatalSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * The source cannot go on.
     *
     * @param message what is wrong, and what would mend it.
     */
    public FatalSourceException(final String message) {
        super(message);
    }
}
