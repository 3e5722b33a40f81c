package io.headrace.adapters.cli;

/** A command could not do what it was asked: one sentence for a person, and an exit code. Thrown on the main thread. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * Makes the exception.
     *
     * @param exitCode of {@link ExitCode}.
     * @param message  what went wrong and what mends it; whole sentences.
     */
    CommandException(final int exitCode, final String message) {
        this(exitCode, message, null);
    }

    CommandException(final int exitCode, final String message, final Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
