package io.headrace.adapters.testkit.reference;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.io.IOException;
import java.util.List;

/** Makes reference sinks. */
public final class ReferenceSinkProvider implements SinkProvider<ReferenceSinkOptions> {
    @Override
    public String type() {
        return "reference";
    }

    @Override
    public String description() {
        return "Writes changes to a target in memory.";
    }

    @Override
    public Class<ReferenceSinkOptions> optionsType() {
        return ReferenceSinkOptions.class;
    }

    @Override
    public SinkCapabilities capabilities(final ReferenceSinkOptions options) {
        return options.transactions() ?
            new SinkCapabilities(1, true, SinkCapabilities.Redelivery.DISCARDED) :
            new SinkCapabilities(SinkCapabilities.MAX_LANES, false);
    }

    @Override
    public Sink createSink(final ReferenceSinkOptions options, final SinkContext context) {
        if (options.fault() == SinkFault.CONNECTS_WHEN_MADE) {
            try {
                Target.of(options.target()).check();
            } catch (final IOException | InterruptedException ex) {
                throw new IllegalArgumentException(ex);
            }
        }
        return new ReferenceSink(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final ReferenceSinkOptions options) {
        if (options.fault() == SinkFault.SEES_NOTHING_BEFOREHAND) {
            return List.of();
        }
        if (!Target.exists(options.target())) {
            return List.of(PreflightFinding.failed(
                "target", "There is no target " + options.target() + ".", "Name one that exists."));
        }
        try {
            Target.of(options.target()).check();
            return List.of(PreflightFinding.ok("target", "It answers."));
        } catch (final IOException | InterruptedException ex) {
            return List.of(PreflightFinding.failed("target", ex.getMessage(), "Start the target."));
        }
    }
}
