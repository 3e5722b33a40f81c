package io.headrace.bus.log;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.ring.Signal;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.StartPosition;

/** What a subscription needs of the event log. Safe for use by any thread. */
public final class LogAccess {
    private final Recorder recorder;
    private final ReplicatedCopies copies;
    private final BusClock clock;

    /**
     * Gives access to a log.
     *
     * @param recorder of the bus.
     * @param copies   how far the replicas are.
     * @param clock    of the bus.
     */
    public LogAccess(final Recorder recorder, final ReplicatedCopies copies, final BusClock clock) {
        this.recorder = recorder;
        this.copies = copies;
        this.clock = clock;
    }

    /** {@return up to which sequence, in slots, events are recorded} */
    public Sequence recordedSequence() {
        return recorder.recordedSequence();
    }

    /** {@return the signal given after the recorded sequence moved} */
    public Signal recordedSignal() {
        return recorder.recordedSignal();
    }

    /**
     * How far a stage is that comes after the event log.
     *
     * @param stage what is waited for.
     * @return up to which sequence, in slots, events have reached it.
     */
    public Sequence sequenceOf(final AfterStage stage) {
        return stage == AfterStage.REPLICATED ? copies.replicatedSequence() : recordedSequence();
    }

    /**
     * What wakes those who wait for a stage.
     *
     * @param stage what is waited for.
     * @return the signal given after its sequence moved.
     */
    public Signal signalOf(final AfterStage stage) {
        return stage == AfterStage.REPLICATED ? copies.signal() : recordedSignal();
    }

    /**
     * Makes a cursor over what is recorded.
     *
     * @return the cursor, standing before the first event, for one thread.
     */
    public LogCursor newCursor() {
        return new LogCursor(recorder.log().newReader(), clock);
    }

    /**
     * With which event a subscription begins. Reads the log: not for the hot path.
     *
     * @param from the place.
     * @return its sequence; the next event's when there is none yet.
     * @throws LogException when the log cannot be read.
     */
    public long sequenceOf(final StartPosition from) {
        return switch (from.kind()) {
            case NOW -> recordedSequence().get() + 1;
            case SEQUENCE -> from.value();
            case START -> firstSequence(0);
            case TIME -> firstSequence(from.value());
        };
    }

    private long firstSequence(final long timeNs) {
        final long nextSequence = recordedSequence().get() + 1;
        try (LogReader reader = recorder.log().newReader()) {
            if (timeNs > 0) {
                reader.seekTime(timeNs);
            }
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    return reader.sequence();
                }
            }
            return nextSequence;
        }
    }
}
