package io.headrace.bus.service.config;

import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration file says, checked and bound: a service can be built from it. Immutable.
 *
 * @param file    the configuration file.
 * @param service the options of the service itself.
 * @param bus     the options of the ring.
 * @param sources in the order of the file.
 * @param sinks   in the order of the file.
 */
public record ServiceConfiguration(
    Path file,
    ServiceOptions service,
    BusOptions bus,
    List<SourceConfiguration<?>> sources,
    List<SinkConfiguration<?>> sinks) {
    /** Copies the lists. */
    public ServiceConfiguration {
        sources = List.copyOf(sources);
        sinks = List.copyOf(sinks);
    }
}
