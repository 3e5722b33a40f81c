package io.headrace.adapters.postgres;

import io.headrace.adapters.postgres.preflight.Preflight;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

import java.util.List;

/** Makes sources that read PostgreSQL's logical replication stream. Called on the thread that starts the service. */
public final class PostgresSourceProvider implements SourceProvider<PostgresSourceOptions> {
    /** Found by the service loader. */
    public PostgresSourceProvider() {
    }

    @Override
    public String type() {
        return "postgres";
    }

    @Override
    public String description() {
        return "Publishes row changes and logical messages of a PostgreSQL database (14 to 18) by logical " +
            "replication, after a consistent snapshot.";
    }

    @Override
    public Class<PostgresSourceOptions> optionsType() {
        return PostgresSourceOptions.class;
    }

    @Override
    public Source createSource(final PostgresSourceOptions options, final SourceContext context) {
        return new PostgresSource(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final PostgresSourceOptions options) {
        return new Preflight(options).run();
    }
}
