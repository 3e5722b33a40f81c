package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogCut;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.BusOptions;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Opens the buses of a service, and cuts its log while it is closed. Used by one thread at a time. */
final class BusOpener {
    private final BusOptions options;
    private final Supplier<EventLogProvider> provider;

    BusOpener(final BusOptions options, final Supplier<EventLogProvider> provider) {
        this.options = options;
        this.provider = provider;
    }

    /** Opens a bus that leads. */
    Bus leader() {
        return new Bus(context(OptionalLong.empty()));
    }

    /** Opens a bus on a log that is there, which begins no epoch yet. */
    Bus replica() {
        return new Bus(context(OptionalLong.empty()).replica(null, 0));
    }

    /** Opens a bus on an empty log, to follow a leader. */
    Bus replicaOf(final LeaderAnswer leader) {
        final EpochHistory epochs = leader.epochs();
        return new Bus(context(OptionalLong.of(epochs.logId())).replica(epochs, leader.fromSequence()));
    }

    private BusContext context(final OptionalLong newLogId) {
        final BusContext context = options.busContext();
        options.log().ifPresent(log -> {
            final EventLogContext logContext = log.eventLogContext().newLogId(newLogId);
            context.log(() -> provider.get().open(logContext));
        });
        return context;
    }

    /**
     * Whether there is nothing in the log yet, so that it can become a copy of any other.
     *
     * @throws LogException when the log cannot be looked at.
     */
    boolean isLogEmpty() {
        final LogDescription log;
        try {
            log = provider.get().describe(folder());
        } catch (final LogException ex) {
            if (ex.category() == LogException.Category.MISSING) {
                return true;
            }
            throw ex;
        }
        return log.epoch() == 0 && log.nextSequence() == 0;
    }

    /** Cuts the log, which nobody has open. */
    LogCut cut(final long fromSequence) {
        return provider.get().cut(folder(), fromSequence);
    }

    Path folder() {
        return options.log().map(log -> Path.of(log.path())).orElseThrow(
            () -> new IllegalStateException("the bus has no event log"));
    }
}
