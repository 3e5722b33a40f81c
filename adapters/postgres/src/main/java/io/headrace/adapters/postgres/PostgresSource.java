package io.headrace.adapters.postgres;

import io.headrace.adapters.postgres.replication.SourceConductor;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;

/** The service's threads start and close it; all work is done on the threads of its {@link SourceConductor}. */
final class PostgresSource implements Source {
    private final SourceConductor conductor;
    private boolean started;

    PostgresSource(final PostgresSourceOptions options, final SourceContext context) {
        conductor = new SourceConductor(options, context);
    }

    @Override
    public synchronized void start() {
        started = true;
        conductor.start();
    }

    @Override
    public synchronized void quiesce() {
        if (started) {
            conductor.quiesce();
        }
    }

    @Override
    public synchronized void close() {
        if (started) {
            conductor.close();
        }
    }
}
