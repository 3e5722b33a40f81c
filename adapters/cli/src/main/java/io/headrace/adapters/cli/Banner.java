package io.headrace.adapters.cli;

import io.headrace.bus.service.config.ServiceConfiguration;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a service says when it has started. Used on the main thread; holds no state. */
final class Banner {
    private Banner() {
    }

    static String of(final ServiceConfiguration configuration, final Optional<URI> control) {
        return "headrace " + Version.headrace() + ": " + configuration.service().name() + " runs " +
            configuration.sources().stream()
                .map(source -> source.name() + " (" + source.type() + ")").collect(Collectors.joining(", ")) +
            " -> " +
            configuration.sinks().stream()
                .map(sink -> sink.name() + " (" + sink.type() + ")").collect(Collectors.joining(", ")) +
            control.map(uri -> "; control on " + uri).orElse("; no control endpoint") +
            "; Ctrl-C drains and stops";
    }
}
