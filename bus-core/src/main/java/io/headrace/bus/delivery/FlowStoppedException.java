package io.headrace.bus.delivery;

/** The flow cannot go on until a person acts. Its position stays before what was not delivered. */
public final class FlowStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    FlowStoppedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
