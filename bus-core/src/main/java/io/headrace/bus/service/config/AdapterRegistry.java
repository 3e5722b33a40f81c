package io.headrace.bus.service.config;

import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.adapter.SourceProvider;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The adapters that a configuration can name. Immutable, so safe for any thread. */
public final class AdapterRegistry {
    private final SortedMap<String, SourceProvider<?>> sources;
    private final SortedMap<String, SinkProvider<?>> sinks;

    private AdapterRegistry(
        final SortedMap<String, SourceProvider<?>> sources, final SortedMap<String, SinkProvider<?>> sinks) {
        this.sources = Collections.unmodifiableSortedMap(sources);
        this.sinks = Collections.unmodifiableSortedMap(sinks);
    }

    /**
     * The adapters on the class path, found by {@link ServiceLoader}.
     *
     * @return the registry.
     * @throws IllegalArgumentException          when two adapters have the same type, or one is described wrongly.
     * @throws java.util.ServiceConfigurationError when a provider cannot be loaded.
     */
    @SuppressWarnings("rawtypes")
    public static AdapterRegistry load() {
        final List<SourceProvider<?>> sources = new ArrayList<>();
        for (final SourceProvider provider : ServiceLoader.load(SourceProvider.class)) {
            sources.add(provider);
        }
        final List<SinkProvider<?>> sinks = new ArrayList<>();
        for (final SinkProvider provider : ServiceLoader.load(SinkProvider.class)) {
            sinks.add(provider);
        }
        return of(sources, sinks);
    }

    /**
     * The given adapters.
     *
     * @param sources the providers of sources.
     * @param sinks   the providers of sinks.
     * @return the registry.
     * @throws IllegalArgumentException when two adapters have the same type, or one is described wrongly.
     */
    public static AdapterRegistry of(final List<SourceProvider<?>> sources, final List<SinkProvider<?>> sinks) {
        return new AdapterRegistry(byType(sources), byType(sinks));
    }

    private static <P extends AdapterProvider<?>> SortedMap<String, P> byType(final List<P> providers) {
        final SortedMap<String, P> byType = new TreeMap<>();
        for (final P provider : providers) {
            if (!Names.NAME.matcher(provider.type()).matches()) {
                throw new IllegalArgumentException("type=" + provider.type() + " of " + provider.getClass().getName() +
                    " is no valid name. " + Names.NAME_REMEDY);
            }
            final P other = byType.putIfAbsent(provider.type(), provider);
            if (other != null) {
                throw new IllegalArgumentException("type=" + provider.type() + " is that of two adapters: " +
                    other.getClass().getName() + " and " + provider.getClass().getName());
            }
            // An adapter whose options are described wrongly is found before anyone configures it.
            OptionDescriptors.of(provider.optionsType());
        }
        return byType;
    }

    /**
     * A provider of sources.
     *
     * @param type as a configuration names it.
     * @return the provider, or empty when there is none of this type.
     */
    public Optional<SourceProvider<?>> source(final String type) {
        return Optional.ofNullable(sources.get(type));
    }

    /**
     * A provider of sinks.
     *
     * @param type as a configuration names it.
     * @return the provider, or empty when there is none of this type.
     */
    public Optional<SinkProvider<?>> sink(final String type) {
        return Optional.ofNullable(sinks.get(type));
    }

    /**
     * All providers of sources.
     *
     * @return the providers, sorted by type.
     */
    public List<SourceProvider<?>> sources() {
        return List.copyOf(sources.values());
    }

    /**
     * All providers of sinks.
     *
     * @return the providers, sorted by type.
     */
    public List<SinkProvider<?>> sinks() {
        return List.copyOf(sinks.values());
    }
}
