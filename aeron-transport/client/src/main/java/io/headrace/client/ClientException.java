package io.headrace.client;

/** A client cannot do what it is asked to, and trying again would not help; the message says what would. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message with a remedy.
     * @param cause   or null.
     */
    public ClientException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
