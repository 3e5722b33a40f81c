package io.headrace.adapters.testkit.reference;

import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;

/**
 * The options of the reference source.
 *
 * @param origin   which one to read.
 * @param password of the origin.
 * @param pause    between attempts.
 * @param fault    what to do wrong.
 */
public record ReferenceSourceOptions(
    @Option("The name of the origin.") String origin,
    @Option("The origin's password.") Secret password,
    @Option(value = "The pause between two attempts to connect, from 1ms to 1m.", defaultValue = "10ms", min = "1ms",
        max = "1m") Duration pause,
    @Option(value = "What is wrong with the source.", defaultValue = "none") SourceFault fault) {
}
