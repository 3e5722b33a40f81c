package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkCapabilities.Redelivery;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.util.List;

/** Makes sinks that write into the tables of a database. No state: for any thread. */
public final class JdbcSinkProvider implements SinkProvider<JdbcSinkOptions> {
    private static final int MAX_LANES = 16;

    @Override
    public String type() {
        return "jdbc";
    }

    @Override
    public String description() {
        return "Writes row changes as upserts and deletes, and readings and documents as inserts, into the tables of a "
            + "database.";
    }

    @Override
    public Class<JdbcSinkOptions> optionsType() {
        return JdbcSinkOptions.class;
    }

    @Override
    public List<PreflightFinding> preflight(final JdbcSinkOptions options) {
        return new JdbcPreflight(options).findings();
    }

    @Override
    public SinkCapabilities capabilities(final JdbcSinkOptions options) {
        final boolean wholeTransactions = options.transactions() == TransactionScope.SOURCE;
        return new SinkCapabilities(wholeTransactions ? 1 : MAX_LANES, wholeTransactions,
            options.effectivelyOnce() ? Redelivery.DISCARDED : Redelivery.REPEATED);
    }

    @Override
    public Sink createSink(final JdbcSinkOptions options, final SinkContext context) {
        return new JdbcSink(options, context);
    }
}
