package io.headrace.adapters.postgres.preflight;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.bus.adapter.PreflightFinding;

import java.util.List;

/** The thread of the command: checks a server, and changes nothing on it. */
public final class Preflight {
    private final PostgresSourceOptions options;

    /**
     * A check.
     *
     * @param options of the source.
     */
    public Preflight(final PostgresSourceOptions options) {
        this.options = options;
    }

    /**
     * Looks at everything.
     *
     * @return one finding for each thing.
     */
    public List<PreflightFinding> run() {
        return List.of();
    }
}
