package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.FailureClass;

/** An event that the sink itself refuses, before the target sees it. Made and caught on the lane's thread. */
final class ChangeRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;

    ChangeRefusedException(final FailureClass failureClass, final String message) {
        super(message);
        this.failureClass = failureClass;
    }

    static ChangeRefusedException fatal(final String message) {
        return new ChangeRefusedException(FailureClass.FATAL, message);
    }

    static ChangeRefusedException poison(final String message) {
        return new ChangeRefusedException(FailureClass.POISON, message);
    }

    FailureClass failureClass() {
        return failureClass;
    }
}
