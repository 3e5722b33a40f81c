package io.headrace.bus.log;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.AgentHost;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.Signal;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The ring's first reader: appends every event to the log, and tells how far it is recorded. Between the events it
 * writes the subscriptions' positions and, now and then, a checkpoint of everything that recovery needs. It is the log
 * thread's agent; {@link #append}, {@link #recordedSequence()} and {@link #recordedSignal()} are for any thread.
 *
 * <p>Its gate follows what is recorded, not what is appended: whatever happens to the storage, the ring still has what
 * the log has not, and it is appended again when the storage is back. Until then publishers find the ring full.
 */
public final class Recorder implements Agent, ControlAppender {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    /** How many events to append before the storage gets its turn: one sync serves them all. */
    private static final int MAX_EVENTS_PER_CYCLE = 4096;
    private static final int IN_FLIGHT_CAPACITY = 1 << 16;
    private static final long POSITION_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CHECKPOINT_INTERVAL_BYTES = 64L << 20;
    private static final long RETENTION_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long BEGIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final EventLog log;
    private final LogState state;
    private final Ring ring;
    private final RingReader reader;
    private final BusClock clock;
    private final Health health;
    private final AgentHost agents;
    private final List<? extends DurablePosition> subscriptions;
    private final Sequence recordedSequence;
    private final Signal recordedSignal;
    private final AtomicCounter recordedEvents;
    private final AtomicCounter recordedBytes;
    private final AtomicCounter storageFailures;
    private final AtomicCounter undecodableEvents;
    private final EventView view = new EventView();
    private final ControlMessages messages = new ControlMessages();
    private final InFlight inFlight;
    private final ConcurrentLinkedQueue<ControlRequest> requests = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<ControlRequest> unrecordedRequests = new ArrayDeque<>();
    private final PositionsProxy positions;
    /** The rest of a checkpoint that found no room; no event is appended before it is complete. */
    private final ArrayDeque<UnsafeBuffer> openCheckpoint = new ArrayDeque<>();
    private long openCheckpointStart;
    private long lastCheckpointStart;
    private boolean checkpointWanted;
    /** Up to where the state knows the events. */
    private long stateSequence = -1;
    /** What the retention must leave, and the log position that must be recorded before it may begin; -1 for none. */
    private long neededSequence;
    private long neededPosition;
    private long retainWhenRecorded = -1;
    private boolean failed;
    private long nextPositionsNs;
    private long nextRetentionNs;
    private volatile boolean closed;

    /**
     * Adds its gate to the ring, which nobody may have published to yet.
     *
     * @param log           opened; its state was recovered.
     * @param state         what was recovered; kept up from now on.
     * @param ring          that begins with the log's next sequence.
     * @param blocking      whether threads will block on {@link #recordedSignal()}.
     * @param subscriptions the list, as the bus keeps it, of those whose positions are kept.
     * @param clock         of the bus.
     * @param counters      of the bus; it counts under {@code log.*}.
     * @param health        of the log.
     * @param agents        let others wait for it.
     */
    public Recorder(
        final EventLog log,
        final LogState state,
        final Ring ring,
        final boolean blocking,
        final List<? extends DurablePosition> subscriptions,
        final BusClock clock,
        final Counters counters,
        final Health health,
        final AgentHost agents) {
        this.log = log;
        this.state = state;
        this.ring = ring;
        this.clock = clock;
        this.health = health;
        this.agents = agents;
        this.subscriptions = subscriptions;
        reader = ring.addReader();
        recordedSequence = new Sequence(reader.passedSequence());
        recordedSignal = new Signal(blocking);
        recordedEvents = counters.counter("log.recorded-events");
        recordedBytes = counters.counter("log.recorded-bytes");
        storageFailures = counters.counter("log.storage-failures");
        undecodableEvents = counters.counter("log.undecodable-events");
        nextPositionsNs = clock.nanoTime();
        // Not before the subscriptions had the time to come.
        nextRetentionNs = nextPositionsNs + RETENTION_INTERVAL_NS;
        inFlight = new InFlight(Math.min(IN_FLIGHT_CAPACITY, ring.capacity()));
        positions = new PositionsProxy(subscriptions, state, this::appendToState);
    }

    /**
     * Writes the new epoch and a checkpoint, and waits until they are recorded. Called before the log thread begins.
     *
     * @throws LogException when the storage does not record them.
     */
    public void begin() {
        final long nowNs = epochNowNs();
        final long epoch = state.epochs().epoch() + 1;
        final int lengthBytes = messages.epoch(state.epochs().logId(), epoch, nextSequence(), nowNs);
        state.onControl(log.appendedPosition(), messages.buffer(), 0, lengthBytes);
        final UnsafeBuffer message = copyOf(messages.buffer(), lengthBytes);
        final long deadlineNs = clock.nanoTime() + BEGIN_TIMEOUT_NS;
        boolean recorded = false;
        while (!recorded) {
            recorded = writeBeginning(message, nowNs, deadlineNs);
        }
        health.up();
        LOG.info("Epoch {} of the event log begins with sequence {}", epoch, nextSequence());
    }

    /** Answers false when the storage failed meanwhile: then some of it is lost, and all of it is written again. */
    private boolean writeBeginning(final UnsafeBuffer epochMessage, final long nowNs, final long deadlineNs) {
        while (appendControl(RecordType.CONTROL, epochMessage, epochMessage.capacity()) < 0) {
            if (!storageWorks(deadlineNs)) {
                return false;
            }
        }
        startCheckpoint(nowNs);
        while (!writeCheckpoint() || log.recordedPosition() < log.appendedPosition()) {
            if (!storageWorks(deadlineNs)) {
                return false;
            }
        }
        return true;
    }

    /** Gives the storage a turn; answers false when it failed, after it is back. */
    private boolean storageWorks(final long deadlineNs) {
        boolean works = log.failure() == null;
        if (works) {
            log.doWork();
            requireTime(deadlineNs);
        }
        while (log.failure() != null) {
            works = false;
            requireTime(deadlineNs);
            log.doWork();
        }
        return works;
    }

    private void requireTime(final long deadlineNs) {
        if (clock.nanoTime() - deadlineNs >= 0) {
            final String reason = log.failure();
            throw new LogException(LogException.Category.STORAGE, "The event log does not record: "
                + (reason == null ? "its storage does not answer" : reason), null);
        }
    }

    private long nextSequence() {
        return reader.passedSequence() + 1;
    }

    private long epochNowNs() {
        return clock.epochNs(clock.nanoTime());
    }

    @Override
    public int doWork() {
        if (failed || log.failure() != null) {
            return awaitStorage();
        }
        int workCount = 0;
        if (openCheckpoint.isEmpty() || writeCheckpoint()) {
            workCount += appendRequests();
            workCount += appendEvents();
        }
        if (log.failure() != null) {
            // Noticed before its turn, in which it may get well again: what it lost would go unnoticed.
            return awaitStorage();
        }
        workCount += log.doWork();
        workCount += showRecorded();
        final long nowNs = clock.nanoTime();
        if (log.failure() == null && nowNs - nextPositionsNs >= 0 && openCheckpoint.isEmpty()) {
            // Not within a checkpoint, which would put them back to where they were when it began.
            nextPositionsNs = nowNs + POSITION_INTERVAL_NS;
            positions.appendChanged(reader.passedSequence(), epochNowNs());
            checkpointIfDue();
        }
        retain(nowNs);
        return workCount;
    }

    private int appendEvents() {
        int count = 0;
        while (count < MAX_EVENTS_PER_CYCLE && !inFlight.isFull() && reader.next()) {
            if (positions.firstDue(reader.sequence())) {
                final long sequence = reader.sequence();
                reader.back();
                if (!positions.appendFirst(sequence, epochNowNs()) || !reader.next()) {
                    break;
                }
            }
            final DirectBuffer buffer = reader.buffer();
            final int offset = reader.eventOffset();
            final int lengthBytes = reader.eventLengthBytes();
            final long endPosition = log.append(
                RecordType.EVENT, reader.sequence(), nextSequence(), EventStamp.publishTimeNs(buffer, offset),
                buffer, offset, lengthBytes);
            if (endPosition < 0) {
                reader.back();
                break;
            }
            inFlight.add(endPosition, reader.sequence(), reader.passedSequence());
            if (view.wrap(buffer, offset, lengthBytes) == DecodeError.NONE) {
                state.onEvent(view);
            } else {
                undecodableEvents.increment();
            }
            recordedBytes.getAndAddPlain(lengthBytes);
            count++;
        }
        recordedEvents.getAndAddPlain(count);
        return count;
    }

    private int showRecorded() {
        final long recordedPosition = log.recordedPosition();
        long sequence = inFlight.takeUntil(recordedPosition);
        if (inFlight.isEmpty()) {
            // Claims that were given up behind the last event are passed over by now.
            sequence = reader.passedSequence();
        }
        int workCount = 0;
        if (sequence > recordedSequence.get()) {
            reader.releaseTo(sequence);
            recordedSequence.set(sequence);
            recordedSignal.signalAllWhenBlocking();
            workCount++;
        }
        while (!unrecordedRequests.isEmpty() && unrecordedRequests.peek().recordedAt(recordedPosition)) {
            unrecordedRequests.poll().recorded();
            workCount++;
        }
        return workCount;
    }

    private int appendRequests() {
        int count = 0;
        while (!requests.isEmpty()) {
            final ControlRequest request = requests.peek();
            final long from = log.appendedPosition();
            final long to = appendControl(RecordType.CONTROL, request.message(), request.message().capacity());
            if (to < 0) {
                break;
            }
            requests.poll();
            request.appended(to);
            // Not only when it is recorded: a checkpoint behind it must have it.
            state.onControl(from, request.message(), 0, request.message().capacity());
            // It may tell an older position than the one written last: all of them are written again.
            positions.outdated();
            unrecordedRequests.add(request);
            count++;
        }
        return count;
    }

    private boolean appendToState(final DirectBuffer message, final int lengthBytes) {
        final long position = log.appendedPosition();
        if (appendControl(RecordType.CONTROL, message, lengthBytes) < 0) {
            return false;
        }
        state.onControl(position, message, 0, lengthBytes);
        return true;
    }

    private long appendControl(final RecordType type, final DirectBuffer message, final int lengthBytes) {
        return log.append(type, nextSequence(), nextSequence(), epochNowNs(), message, 0, lengthBytes);
    }

    private void checkpointIfDue() {
        if (openCheckpoint.isEmpty() && !stateIsAhead()
            && (checkpointWanted || log.appendedPosition() - lastCheckpointStart >= CHECKPOINT_INTERVAL_BYTES)) {
            startCheckpoint(epochNowNs());
        }
    }

    /**
     * After a failure, until what the storage lost is appended again: the state knows of it, and a checkpoint would
     * tell so of a log that may never get it.
     */
    private boolean stateIsAhead() {
        return reader.passedSequence() < stateSequence || requests.stream().anyMatch(ControlRequest::isInState);
    }

    private void startCheckpoint(final long nowNs) {
        checkpointWanted = false;
        openCheckpointStart = log.appendedPosition();
        openCheckpoint.clear();
        state.writeCheckpoint(nowNs, log.maxRecordLengthBytes(),
            (buffer, offset, lengthBytes) -> openCheckpoint.add(copyOf(buffer, lengthBytes)));
        openCheckpoint.add(copyOf(messages.buffer(), messages.checkpointEnd(openCheckpointStart)));
    }

    private static UnsafeBuffer copyOf(final DirectBuffer buffer, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(0, bytes);
        return new UnsafeBuffer(bytes);
    }

    /** Goes on with the open checkpoint; true when it is complete. */
    private boolean writeCheckpoint() {
        while (!openCheckpoint.isEmpty()) {
            final UnsafeBuffer message = openCheckpoint.peek();
            final RecordType type = openCheckpoint.size() == 1 ? RecordType.CHECKPOINT_END : RecordType.CONTROL;
            if (appendControl(type, message, message.capacity()) < 0) {
                return false;
            }
            openCheckpoint.poll();
        }
        lastCheckpointStart = openCheckpointStart;
        return true;
    }

    /** What may go is decided by what is appended, and goes when that is recorded: a crash would forget it. */
    private void retain(final long nowNs) {
        if (retainWhenRecorded >= 0 && log.recordedPosition() >= retainWhenRecorded) {
            retainWhenRecorded = -1;
            // Those that came meanwhile need it too.
            subscriptions.forEach(subscription -> needFrom(subscription.finishedSequences()));
            log.retain(neededSequence, neededPosition, epochNowNs());
        } else if (retainWhenRecorded < 0 && nowNs - nextRetentionNs >= 0 && !stateIsAhead()) {
            nextRetentionNs = nowNs + RETENTION_INTERVAL_NS;
            neededSequence = recordedSequence.get() + 1;
            for (final String name : state.subscriptionNames()) {
                needFrom(state.position(name).orElseThrow());
            }
            neededPosition = Math.min(lastCheckpointStart, state.parked().lowestLogPosition());
            retainWhenRecorded = log.appendedPosition();
        }
    }

    private void needFrom(final long[] finished) {
        for (final long finishedSequence : finished) {
            neededSequence = Math.min(neededSequence, finishedSequence + 1);
        }
    }

    /** The storage has failed: what it had not recorded is appended again once it is back. */
    private int awaitStorage() {
        if (!failed) {
            failed = true;
            storageFailures.increment();
        }
        // What was recorded before it failed counts, also when it is not back for long.
        final int workCount = showRecorded() + log.doWork() + showRecorded();
        final String reason = log.failure();
        if (reason != null) {
            health.down("The event log does not record: " + reason);
            return workCount;
        }
        stateSequence = Math.max(stateSequence, reader.passedSequence());
        inFlight.clear();
        reader.backTo(recordedSequence.get() + 1, recordedSequence.get() + 1);
        // In front of those that were never appended.
        for (ControlRequest request = requests.poll(); request != null; request = requests.poll()) {
            unrecordedRequests.add(request);
        }
        requests.addAll(unrecordedRequests);
        unrecordedRequests.clear();
        positions.lost();
        openCheckpoint.clear();
        checkpointWanted = true;
        retainWhenRecorded = -1;
        failed = false;
        health.up();
        return workCount + 1;
    }

    /** {@return whether there is something to do at once; called by the log thread} */
    public boolean hasWork() {
        return !failed && (!inFlight.isEmpty() || !requests.isEmpty() || reader.hasFrame());
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int lengthBytes)
        throws InterruptedException {
        final ControlRequest request = new ControlRequest(buffer, offset, lengthBytes);
        requests.add(request);
        if (closed) {
            requests.remove(request);
            request.closed();
        }
        ring.signal().signalAllWhenBlocking();
        request.await(agents);
    }

    /** Writes the first position of a subscription that is new on the bus before further events. For any thread. */
    public void subscriptionAdded() {
        positions.subscriptionAdded();
    }

    @Override
    public int maxLengthBytes() {
        return log.maxRecordLengthBytes();
    }

    /** {@return the last sequence, in slots, that is recorded; the log thread writes it} */
    public Sequence recordedSequence() {
        return recordedSequence;
    }

    /** {@return the signal given after the recorded sequence moved} */
    public Signal recordedSignal() {
        return recordedSignal;
    }

    /** {@return the log; only its methods for any thread may be called} */
    public EventLog log() {
        return log;
    }

    /**
     * {@inheritDoc} Records what the ring still holds, the last positions and a checkpoint, and closes the log. When
     * the storage does not record for 20 seconds, the rest is given up; its sources have it still.
     */
    @Override
    public void onClose() {
        final long deadlineNs = clock.nanoTime() + CLOSE_TIMEOUT_NS;
        boolean checkpointed = false;
        boolean complete = false;
        try {
            while (!complete && clock.nanoTime() - deadlineNs < 0) {
                if (doWork() == 0 && isQuiet()
                    && positions.appendChanged(reader.passedSequence(), epochNowNs()) && isQuiet()) {
                    complete = checkpointed && !checkpointWanted;
                    if (!complete) {
                        startCheckpoint(epochNowNs());
                        checkpointed = true;
                    }
                }
            }
            if (!complete) {
                LOG.warn("The event log was closed with events that it could not record: {}", log.failure());
            }
        } finally {
            closed = true;
            unrecordedRequests.forEach(ControlRequest::closed);
            for (ControlRequest request = requests.poll(); request != null; request = requests.poll()) {
                request.closed();
            }
            reader.close();
            log.close();
        }
    }

    private boolean isQuiet() {
        return !failed && log.failure() == null && !hasWork() && openCheckpoint.isEmpty()
            && log.recordedPosition() >= log.appendedPosition();
    }

    @Override
    public String roleName() {
        return "headrace-log";
    }
}
