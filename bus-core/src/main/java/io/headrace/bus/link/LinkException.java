package io.headrace.bus.link;

/** A link cannot be had; the message says why, and what to do. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message with a remedy.
     * @param cause   or null.
     */
    public LinkException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
