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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

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
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final EventLog log;
    private final LogState state;
    private final Ring ring;
    private final RingReader reader;
    private final BusClock clock;
    private final Health health;
    private final AgentHost agents;
    private final Sequence recordedSequence;
    private final Signal recordedSignal;
    private final ReplicatedCopies copies;
    private final LeaderEpochs leaderEpochs = new LeaderEpochs();
    private final AtomicCounter recordedEvents;
    private final AtomicCounter recordedBytes;
    private final AtomicCounter storageFailures;
    private final AtomicCounter undecodableEvents;
    private final EventView view = new EventView();
    private final ControlMessages messages = new ControlMessages();
    private final InFlight inFlight;
    private final ConcurrentLinkedQueue<ControlRequest> requests = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<ControlRequest> unrecordedRequests = new ArrayDeque<>();
    private final LogTasks tasks;
    private final BooleanSupplier stateIsAhead = this::stateIsAhead;
    private final PositionsProxy positions;
    private final Checkpoints checkpoints;
    /** Up to where the state knows the events. */
    private long stateSequence = -1;
    private final RetentionProxy retention;
    private boolean failed;
    private long nextPositionsNs;
    private volatile boolean closed;
    private volatile EpochHistory epochs;
    private volatile boolean endWanted;
    /** The first sequence that the log will never have, when no more events are taken. */
    private volatile long endSequence = Long.MAX_VALUE;

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
     * @param copies        is told how far the log is.
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
        final AgentHost agents,
        final ReplicatedCopies copies) {
        this.copies = copies;
        this.log = log;
        this.state = state;
        this.ring = ring;
        this.clock = clock;
        this.health = health;
        this.agents = agents;
        tasks = new LogTasks(ring.signal(), agents);
        reader = ring.addReader();
        recordedSequence = new Sequence(reader.passedSequence());
        recordedSignal = new Signal(blocking);
        recordedEvents = counters.counter("log.recorded-events");
        recordedBytes = counters.counter("log.recorded-bytes");
        storageFailures = counters.counter("log.storage-failures");
        undecodableEvents = counters.counter("log.undecodable-events");
        nextPositionsNs = clock.nanoTime();
        retention = new RetentionProxy(log, state, subscriptions, nextPositionsNs);
        inFlight = new InFlight(Math.min(IN_FLIGHT_CAPACITY, ring.capacity()));
        checkpoints = new Checkpoints(log, state, this::appendControl);
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
        writeBeginning(List.of(Checkpoints.copyOf(messages.buffer(), lengthBytes)), nowNs);
        LOG.info("Epoch {} of the event log begins with sequence {}", epoch, nextSequence());
    }

    /**
     * Begins no epoch: the log is a replica's. Writes a checkpoint, and waits until it is recorded. Called before the
     * log thread begins.
     *
     * @param leader the epochs of its leader as far as they are known; null for none.
     * @throws LogException when the storage does not record it.
     */
    public void beginAsReplica(final EpochHistory leader) {
        final List<UnsafeBuffer> epochMessages = new ArrayList<>();
        leaderEpochs.follow(leader);
        leaderEpochs.compare(state.epochs());
        while (leaderEpochs.isDue(nextSequence())) {
            final int lengthBytes = leaderEpochs.encodeNext(messages);
            state.onControl(log.appendedPosition(), messages.buffer(), 0, lengthBytes);
            epochMessages.add(Checkpoints.copyOf(messages.buffer(), lengthBytes));
            leaderEpochs.compare(state.epochs());
        }
        writeBeginning(epochMessages, epochNowNs());
        LOG.info("The event log goes on as a replica with sequence {}, in epoch {}", nextSequence(), epochs.epoch());
    }

    private void writeBeginning(final List<UnsafeBuffer> epochMessages, final long nowNs) {
        new LogBeginning(log, checkpoints, this::appendControl, clock).write(epochMessages, nowNs);
        epochs = state.epochs();
        health.up();
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
        int workCount = tasks.run();
        if (checkpoints.isComplete() || checkpoints.write()) {
            adoptEpoch();
            workCount += appendRequests();
            workCount += appendEvents();
        }
        if (log.failure() != null) {
            // Noticed before its turn, in which it may get well again: what it lost would go unnoticed.
            return awaitStorage();
        }
        workCount += log.doWork();
        workCount += showRecorded();
        endWhenQuiet();
        final long nowNs = clock.nanoTime();
        if (log.failure() == null && nowNs - nextPositionsNs >= 0 && checkpoints.isComplete()) {
            // Not within a checkpoint, which would put them back to where they were when it began.
            nextPositionsNs = nowNs + POSITION_INTERVAL_NS;
            positions.appendChanged(reader.passedSequence(), epochNowNs());
            checkpointIfDue();
        }
        retention.retain(
            nowNs, clock.epochNs(nowNs), recordedSequence.get(), checkpoints.lastStart(), stateIsAhead);
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
            if (leaderEpochs.precede(reader.sequence()) || reader.sequence() >= endSequence) {
                reader.back();
                break;
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
            copies.onRecorded(sequence);
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
            if (epochs != state.epochs()) {
                epochs = state.epochs();
                leaderEpochs.compare(epochs);
                LOG.info("Epoch {} of the event log begins with sequence {}", epochs.epoch(),
                    epochs.firstSequence(epochs.epoch()));
            }
            // It may tell an older position than the one written last: all of them are written again.
            positions.outdated();
            unrecordedRequests.add(request);
            count++;
        }
        return count;
    }

    /** Queued as a request of this thread to itself, which is written again should the storage lose it. */
    private void adoptEpoch() {
        if (leaderEpochs.isNew()) {
            leaderEpochs.compare(state.epochs());
        }
        if (leaderEpochs.isDue(nextSequence())) {
            requests.add(new ControlRequest(messages.buffer(), 0, leaderEpochs.encodeNext(messages)));
        }
    }

    private void endWhenQuiet() {
        if (endWanted && endSequence == Long.MAX_VALUE && inFlight.isEmpty()
            && reader.passedSequence() == ring.claimedSequence()
            && log.recordedPosition() >= log.appendedPosition()) {
            endSequence = nextSequence();
        }
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
        if (checkpoints.isComplete() && !stateIsAhead() && checkpoints.isDue()) {
            checkpoints.start(epochNowNs());
        }
    }

    /**
     * After a failure, until what the storage lost is appended again: the state knows of it, and a checkpoint would
     * tell so of a log that may never get it.
     */
    private boolean stateIsAhead() {
        return reader.passedSequence() < stateSequence || requests.stream().anyMatch(ControlRequest::isInState);
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
        checkpoints.lost();
        retention.lost();
        failed = false;
        health.up();
        return workCount + 1;
    }

    /** {@return whether there is something to do at once; called by the log thread} */
    public boolean hasWork() {
        return !failed && (!inFlight.isEmpty() || !requests.isEmpty() || !tasks.isEmpty() || leaderEpochs.isNew()
            || reader.hasFrame() && endSequence == Long.MAX_VALUE);
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

    /**
     * Has the log thread do something between two records, and waits for it. For any thread but the log thread.
     *
     * @param work what to do; it must not throw.
     * @throws InterruptedException when the thread was interrupted; the work may be done all the same.
     * @throws LogException         when the log is closed.
     */
    public void onLogThread(final Runnable work) throws InterruptedException {
        tasks.call(work);
    }

    /**
     * Writes the epochs of a leader into the log as its events arrive. For any thread.
     *
     * @param leader the epochs; null when there is no leader to follow any more.
     */
    public void follow(final EpochHistory leader) {
        leaderEpochs.follow(leader);
        ring.signal().signalAllWhenBlocking();
    }

    /** {@return the epochs of the log; for any thread} */
    public EpochHistory epochs() {
        return epochs;
    }

    /**
     * Ends the log behind the events that are on the ring now: none that is published later is recorded. For any
     * thread; asked again until it is answered.
     *
     * @return the first sequence that the log does not have and never will; -1 while it is not yet known.
     */
    public long end() {
        endWanted = true;
        ring.signal().signalAllWhenBlocking();
        return endSequence == Long.MAX_VALUE ? -1 : endSequence;
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
                    complete = checkpointed && !checkpoints.isWanted();
                    if (!complete) {
                        checkpoints.start(epochNowNs());
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
            tasks.close();
            reader.close();
            log.close();
        }
    }

    private boolean isQuiet() {
        return !failed && log.failure() == null && !hasWork() && checkpoints.isComplete()
            && log.recordedPosition() >= log.appendedPosition();
    }

    @Override
    public String roleName() {
        return "headrace-log";
    }
}
