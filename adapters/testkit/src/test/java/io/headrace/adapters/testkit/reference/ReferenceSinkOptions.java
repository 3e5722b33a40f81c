package io.headrace.adapters.testkit.reference;

import io.headrace.bus.adapter.Option;

/**
 * The options of the reference sink.
 *
 * @param target       which one to write.
 * @param transactions whether to keep transactions whole, and to store the position with the data.
 * @param fault        what to do wrong.
 */
public record ReferenceSinkOptions(
    @Option("The name of the target.") String target,
    @Option(value = "Whether transactions are kept whole.", defaultValue = "false") boolean transactions,
    @Option(value = "What is wrong with the sink.", defaultValue = "none") SinkFault fault) {
}
