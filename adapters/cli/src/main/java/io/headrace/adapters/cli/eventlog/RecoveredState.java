package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogRecordHandler;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.CheckpointEndDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;

import java.util.List;

/**
 * Reads from an event log, without opening it for writing, what a service would recover from it. Used by one thread;
 * holds no state.
 */
public final class RecoveredState {
    private RecoveredState() {
    }

    /**
     * Reads every record from the last complete checkpoint on, or from the log's start when there is none.
     *
     * @param provider of logs.
     * @param log      as it was described; what is recorded later is left out.
     * @param handler  of the records.
     * @throws io.headrace.bus.log.LogException when a record cannot be read.
     */
    public static void read(
        final EventLogProvider provider, final LogDescription log, final LogRecordHandler handler) {
        try (LogReader reader = provider.openReader(log.folder())) {
            reader.seekPosition(checkpointPosition(reader, log));
            while (reader.next() && reader.position() < log.endPosition()) {
                handler.onRecord(reader.type(), reader.sequence(), reader.nextSequence(), reader.position(),
                    reader.buffer(), reader.offset(), reader.lengthBytes());
            }
        }
    }

    /** A reader only goes forward, so the segments are looked through from the last one on. */
    private static long checkpointPosition(final LogReader reader, final LogDescription log) {
        final List<Long> starts = LogSegments.startPositions(log);
        long endPosition = log.endPosition();
        for (int i = starts.size() - 1; i >= 0; i--) {
            final long found = lastCheckpointPosition(reader, starts.get(i), endPosition);
            if (found >= log.startPosition()) {
                return found;
            }
            endPosition = starts.get(i);
        }
        return log.startPosition();
    }

    private static long lastCheckpointPosition(final LogReader reader, final long from, final long endPosition) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final CheckpointEndDecoder checkpointEnd = new CheckpointEndDecoder();
        long found = -1;
        reader.seekPosition(from);
        while (reader.next() && reader.position() < endPosition) {
            if (reader.type() == RecordType.CHECKPOINT_END) {
                found = checkpointEnd.wrapAndApplyHeader(reader.buffer(), reader.offset(), header).startPosition();
            }
        }
        return found;
    }
}
