package io.headrace.aeron.log;

import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogCut;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogVerification;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** Makes event logs on Aeron Archive. For any thread. */
public final class AeronEventLogProvider implements EventLogProvider {
    /** For {@link java.util.ServiceLoader}. */
    public AeronEventLogProvider() {
    }

    @Override
    public EventLog open(final EventLogContext context) {
        return AeronEventLog.open(context);
    }

    @Override
    public LogReader openReader(final Path folder) {
        return AeronLogReader.open(folder);
    }

    @Override
    public LogDescription describe(final Path folder) {
        return LogDescriber.describe(folder);
    }

    @Override
    public LogVerification verify(final Path folder, final DoubleConsumer progress) {
        return LogVerifier.verify(folder, progress);
    }

    @Override
    public LogVerification.Damage repair(final Path folder, final long fromSequence) {
        return LogRepair.repair(folder, fromSequence);
    }

    @Override
    public LogCut cut(final Path folder, final long fromSequence) {
        return LogCutter.cut(folder, fromSequence);
    }
}
