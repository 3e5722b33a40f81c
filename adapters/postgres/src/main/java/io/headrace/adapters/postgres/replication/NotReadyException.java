package io.headrace.adapters.postgres.replication;

/** The server is not set up yet as the source needs it; the message says what mends it, and the source tries again. */
final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReadyException(final String message) {
        super(message);
    }
}
