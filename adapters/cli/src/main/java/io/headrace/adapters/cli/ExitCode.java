package io.headrace.adapters.cli;

/** The exit codes of the command line: stable, and documented in {@code docs/guides/cli.md}. Used by any thread. */
final class ExitCode {
    /** Everything went well. */
    static final int OK = 0;
    /** A check or a verification failed, or the service ended with a failed flow or with events not delivered. */
    static final int FAILED = 1;
    /** The command line or the configuration is wrong. */
    static final int INVALID = 2;
    /** The running service cannot be reached, or went away. */
    static final int UNREACHABLE = 3;
    /** A fault of Headrace itself. */
    static final int INTERNAL = 70;
    /** Added to the number of the signal that forced an end. */
    static final int SIGNAL_BASE = 128;

    private ExitCode() {
    }
}
