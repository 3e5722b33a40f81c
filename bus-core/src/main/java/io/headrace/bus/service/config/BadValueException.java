package io.headrace.bus.service.config;

/** A value that its option cannot take. Neither text holds the value itself: it may be a secret. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    BadValueException(final String message, final String remedy) {
        super(message, null, false, false);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
