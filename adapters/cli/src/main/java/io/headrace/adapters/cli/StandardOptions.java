package io.headrace.adapters.cli;

import picocli.CommandLine.Option;

/** The options that every command has. Filled by picocli on the main thread. */
final class StandardOptions {
    /** Also looked for by name where failures are reported. */
    static final String VERBOSE = "--verbose";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean helpRequested;

    @Option(names = VERBOSE, description = "Show the stack trace of a failure.")
    private boolean verbose;
}
