package io.headrace.adapters.json;

import java.io.IOException;

/**
 * Thrown on the thread that renders: this event cannot be written as JSON, now or later. Nothing of it has been
 * written.
 */
public final class UnrenderableEventException extends IOException {
    private static final long serialVersionUID = 1L;

    UnrenderableEventException(final String message) {
        super(message);
    }
}
