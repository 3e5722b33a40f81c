package io.headrace.perf.site;

import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

/** Used by the thread that starts the service: makes the one source in whose place it stands, and keeps it at hand. */
final class SyntheticSourceProvider implements SourceProvider<SyntheticSourceOptions> {
    private SyntheticSource source;

    @Override
    public String type() {
        return "synthetic";
    }

    @Override
    public String description() {
        return "Publishes on a schedule in the place of another source.";
    }

    @Override
    public Class<SyntheticSourceOptions> optionsType() {
        return SyntheticSourceOptions.class;
    }

    @Override
    public Source createSource(final SyntheticSourceOptions options, final SourceContext context) {
        source = new SyntheticSource(options, context);
        return source;
    }

    /** The source, once the service has started. */
    SyntheticSource source() {
        return source;
    }
}
