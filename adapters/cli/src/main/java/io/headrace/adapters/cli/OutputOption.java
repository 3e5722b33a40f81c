package io.headrace.adapters.cli;

import picocli.CommandLine.Option;

/** The option by which a command's output is chosen. Filled by picocli on the main thread. */
final class OutputOption {
    @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "text",
        converter = OutputFormat.Converter.class,
        description = "How to answer: text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format;

    boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
