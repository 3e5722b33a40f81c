package io.headrace.bus;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.delivery.ParkingStore;
import io.headrace.bus.log.ControlMessages;
import io.headrace.bus.log.DurablePosition;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLog;
import io.headrace.bus.log.LogAccess;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogState;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.log.ParkedEvents;
import io.headrace.bus.log.Recorder;
import io.headrace.bus.log.ReplicatedCopies;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.MessageIdWindows;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.Signal;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.Agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The log of a bus, and the agent of the log thread: it opens the log, recovers from it, makes the ring that goes on
 * where the log ends, and records that ring. An implementation of the log may belong to the thread that opened it, so
 * all of it happens on the log thread; the bus waits until it is through. What it then tells is for any thread.
 */
final class BusLog implements Agent {
    private static final long OPEN_TIMEOUT_MINUTES = 10;

    private final BusContext context;
    private final BusClock clock;
    private final Counters counters;
    private final MessageIdWindows messageIds;
    private final Signal signal;
    private final HealthIndicator health = new HealthIndicator("event log");
    private final List<DurablePosition> subscriptions = new CopyOnWriteArrayList<>();
    /** As the log told it when it was opened or began to lead; the state itself belongs to the log thread. */
    private final Map<String, RecordedSource> recordedAtStart = new ConcurrentHashMap<>();
    private final Map<String, long[]> finishedAtStart = new HashMap<>();
    private final CompletableFuture<Ring> opened = new CompletableFuture<>();
    private EventLog log;
    private LogState state;
    private ReplicatedCopies copies;
    private ParkedEvents parked;
    private volatile Recorder recorder;

    BusLog(
        final BusContext context,
        final BusClock clock,
        final Counters counters,
        final MessageIdWindows messageIds,
        final Signal signal) {
        this.context = context;
        this.clock = clock;
        this.counters = counters;
        this.messageIds = messageIds;
        this.signal = signal;
    }

    @Override
    public void onStart() {
        try {
            log = context.log().get();
            state = recover();
            final long nextSequence = Math.max(log.nextSequence(), context.replica() ? context.firstSequence() : 0);
            final Ring ring = Bus.ring(context, signal, nextSequence, log.maxRecordLengthBytes());
            final boolean blocking = context.waitProfile() == WaitProfile.ECO;
            copies = new ReplicatedCopies(
                context.replicatedCopies(), context.replica(), nextSequence - 1, blocking);
            final Recorder newRecorder = new Recorder(
                log, state, ring, blocking, subscriptions, clock, counters, health, context.agents(), copies);
            if (context.replica()) {
                newRecorder.beginAsReplica(context.leaderEpochs());
            } else {
                newRecorder.begin();
            }
            parked = state.parked();
            recorder = newRecorder;
            opened.complete(ring);
        } catch (final RuntimeException | Error ex) {
            if (log != null) {
                log.close();
            }
            opened.completeExceptionally(ex);
        }
    }

    private LogState recover() {
        final LogState recovered = new LogState(log.logId());
        log.recover(recovered);
        try (LogReader reader = log.newReader()) {
            recovered.parked().load(reader);
        }
        tellSources(recovered);
        for (final String subscription : recovered.subscriptionNames()) {
            finishedAtStart.put(subscription, recovered.position(subscription).orElseThrow());
        }
        return recovered;
    }

    private void tellSources(final LogState known) {
        known.restore(messageIds);
        for (final String source : known.sourceNames()) {
            recordedAtStart.put(source, known.source(source).orElseThrow());
        }
    }

    /**
     * Begins an epoch behind everything that was received, which is recorded. Nobody publishes meanwhile. Waits for the
     * log thread.
     *
     * @param epoch        its number; those that are missing before it begin and end with the same sequence.
     * @param nextSequence the first that it may give to an event.
     * @throws InterruptedException when the thread was interrupted.
     * @throws LogException         when the log is closed.
     */
    void lead(final long epoch, final long nextSequence) throws InterruptedException {
        recorder.follow(null);
        recorder.onLogThread(() -> tellSources(state));
        final ControlMessages messages = new ControlMessages();
        for (long number = recorder.epochs().epoch() + 1; number <= epoch; number++) {
            final int lengthBytes =
                messages.epoch(log.logId(), number, nextSequence, clock.epochNs(clock.nanoTime()));
            recorder.append(messages.buffer(), 0, lengthBytes);
        }
        copies.lead();
    }

    void follow(final EpochHistory leader) {
        recorder.follow(leader);
    }

    long end() {
        return recorder.end();
    }

    ReplicatedCopies copies() {
        return copies;
    }

    /**
     * Waits until the log is open.
     *
     * @return the ring that goes on where the log ends.
     * @throws LogException when the log could not be opened.
     */
    Ring awaitOpen() {
        try {
            return opened.orTimeout(OPEN_TIMEOUT_MINUTES, TimeUnit.MINUTES).join();
        } catch (final CompletionException ex) {
            if (ex.getCause() instanceof TimeoutException) {
                throw new LogException(LogException.Category.STORAGE,
                    "The event log did not open within " + OPEN_TIMEOUT_MINUTES + " minutes.", ex);
            }
            if (ex.getCause() instanceof final RuntimeException cause) {
                throw cause;
            }
            throw ex;
        }
    }

    @Override
    public int doWork() {
        return recorder == null ? 0 : recorder.doWork();
    }

    boolean hasWork() {
        return recorder != null && recorder.hasWork();
    }

    @Override
    public void onClose() {
        if (recorder != null) {
            recorder.onClose();
        }
    }

    @Override
    public String roleName() {
        return "headrace-log";
    }

    LogAccess access() {
        return new LogAccess(recorder, copies, clock);
    }

    ParkingStore parking() {
        return new ParkingStore(parked, recorder, log::newReader, () -> clock.epochNs(clock.nanoTime()));
    }

    EpochHistory epochs() {
        return recorder.epochs();
    }

    Optional<RecordedSource> recordedAtStart(final String source) {
        return Optional.ofNullable(recordedAtStart.get(source));
    }

    /** How far each lane of a subscription had finished; null for one that the log does not know. */
    long[] finishedAtStart(final String subscription) {
        return finishedAtStart.get(subscription);
    }

    void add(final DurablePosition subscription) {
        subscriptions.add(subscription);
        recorder.subscriptionAdded();
    }

    void remove(final DurablePosition subscription) {
        subscriptions.remove(subscription);
    }

    long recordedSequence() {
        return recorder.recordedSequence().get();
    }

    LogReader newReader() {
        return log.newReader();
    }

    LogStatus status(final long claimedSequence) {
        return new LogStatus(
            log.describe().inEpoch(epochs().epoch()), health.state(), health.reason(), recordedSequence(),
            Math.max(0, claimedSequence - recordedSequence()));
    }
}
