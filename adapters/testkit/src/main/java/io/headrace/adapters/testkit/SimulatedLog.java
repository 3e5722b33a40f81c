package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;

import java.util.List;
import java.util.Optional;

/**
 * A simulation of what an event log tells a source: which of its events a process finds recorded when it starts, and
 * how far those of this process are. It keeps nothing itself, so that a test may say which events a crash has left.
 * Safe for any thread.
 */
public final class SimulatedLog {
    private final RecordedSource recorded;
    private volatile long finishedLimit = Long.MAX_VALUE;

    private SimulatedLog(final RecordedSource recorded) {
        this.recorded = recorded;
    }

    /**
     * The log as a process finds it.
     *
     * @param events of the source that earlier processes have left in it; none for a new log.
     * @return the log.
     */
    public static SimulatedLog holding(final List<EncodedEvent> events) {
        if (events.isEmpty()) {
            return new SimulatedLog(null);
        }
        final TransactionMarkView mark = new TransactionMarkView();
        byte[] position = {};
        boolean openTransaction = false;
        boolean snapshotOpen = false;
        for (final EncodedEvent event : events) {
            final EventView view = event.view();
            if (view.sourcePositionLength() > 0) {
                position = new byte[view.sourcePositionLength()];
                view.buffer().getBytes(view.sourcePositionOffset(), position);
            }
            snapshotOpen |= view.snapshot();
            if (view.kind() == EventKind.TRANSACTION
                && mark.wrap(view.buffer(), view.payloadOffset(), view.payloadLength()) == DecodeError.NONE) {
                switch (mark.mark()) {
                    case BEGIN -> openTransaction = true;
                    case COMMIT -> openTransaction = false;
                    case SNAPSHOT_END -> snapshotOpen = false;
                    default -> throw new IllegalArgumentException("mark=" + mark.mark());
                }
            }
        }
        // The bus of the next run counts its sequences anew, so that all of them lie behind what is recorded.
        return new SimulatedLog(new RecordedSource(-1, position, openTransaction, snapshotOpen));
    }

    /**
     * Lets nothing past a sequence of the running bus count as recorded.
     *
     * @param sequence the last one that does; {@link Long#MAX_VALUE} for no limit.
     * @return this.
     */
    public SimulatedLog holdFinishedAt(final long sequence) {
        finishedLimit = sequence;
        return this;
    }

    long finishedLimit() {
        return finishedLimit;
    }

    Optional<RecordedSource> recorded() {
        return Optional.ofNullable(recorded);
    }
}
