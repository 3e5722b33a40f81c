package io.headrace.bus.service.config;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

import java.util.List;

/**
 * One entry of {@code sources}, checked. Immutable.
 *
 * @param name     of the source; the first part of its topics.
 * @param type     of the adapter.
 * @param provider of the adapter.
 * @param options  of the provider's options type.
 * @param <O>      the options record.
 */
public record SourceConfiguration<O extends Record>(String name, String type, SourceProvider<O> provider, O options) {
    /**
     * Builds the source.
     *
     * @param context what the bus gives to it.
     * @return the source.
     */
    public Source createSource(final SourceContext context) {
        return provider.createSource(options, context);
    }

    /**
     * Looks at the outside system without changing it.
     *
     * @return what would keep the source from working.
     */
    public List<PreflightFinding> preflight() {
        return provider.preflight(options);
    }
}
