package io.headrace.adapters.demo;

/** The demonstration could not be carried out, so there is no verdict. Thrown on the thread that runs it. */
public final class DemoException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoException(final String message) {
        super(message);
    }

    DemoException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
