package io.headrace.adapters.testkit.reference;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

import java.io.IOException;
import java.util.List;

/** Makes reference sources. */
public final class ReferenceSourceProvider implements SourceProvider<ReferenceSourceOptions> {
    @Override
    public String type() {
        return "reference";
    }

    @Override
    public String description() {
        return "Reads records from an origin in memory.";
    }

    @Override
    public Class<ReferenceSourceOptions> optionsType() {
        return ReferenceSourceOptions.class;
    }

    @Override
    public Source createSource(final ReferenceSourceOptions options, final SourceContext context) {
        if (options.fault() == SourceFault.CONNECTS_WHEN_MADE) {
            try {
                Origin.of(options.origin()).connect(options.password().value());
            } catch (final IOException ex) {
                throw new IllegalArgumentException(ex);
            }
        }
        return new ReferenceSource(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final ReferenceSourceOptions options) {
        if (options.fault() == SourceFault.SEES_NOTHING_BEFOREHAND) {
            return List.of();
        }
        if (!Origin.exists(options.origin())) {
            return List.of(PreflightFinding.failed(
                "origin", "There is no origin " + options.origin() + ".", "Name one that exists."));
        }
        try {
            Origin.of(options.origin()).connect(options.password().value());
            return List.of(PreflightFinding.ok("origin", "It answers."));
        } catch (final IOException ex) {
            return List.of(PreflightFinding.failed("origin", ex.getMessage(), "Start the origin."));
        }
    }
}
