package io.headrace.bus.subscription;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.delivery.Delivery;
import io.headrace.bus.delivery.FlowStoppedException;
import io.headrace.bus.latency.StageRecorder;
import io.headrace.bus.log.LogException;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.ring.EventCursor;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * One worker of a buffered subscription: copies what is its own out of the ring, moves its gate on, and then gives the
 * batch to its sink. Its thread owns everything here but {@link #evict}, which the conductor calls while the
 * thread is in the sink (see {@link EvictionHandshake}).
 */
final class Lane implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    /** How many events to move over before what was collected is delivered, and the gate moved. */
    private static final int MAX_EVENTS_PER_CYCLE = 8192;
    private static final long IDLE_CALL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SMALLEST_EVENT_BYTES = 64;

    private final SubscriptionContext context;
    private final int index;
    private final long startSequence;
    private final Ring ring;
    private final LaneInput input;
    private final Sink sink;
    private final Delivery delivery;
    private final Health health;
    private final BusClock clock;
    private final StageRecorder recorder;
    private final AtomicCounter droppedEvents;
    private final AtomicCounter evictions;
    private final AtomicCounter undecodableEvents;
    private final AtomicCounter sinkIdleFailures;
    private final EventBatch batch;
    private final ConflatingStore conflated;
    private final EvictionHandshake handshake = new EvictionHandshake();
    private final Sequence position;
    private final EventView view = new EventView();
    private final OpenTransactions openTransactions = new OpenTransactions();

    /** Where the transactions that are open now began: how many events of the batch stand before, and the place. */
    private int wholeCount;
    private long openSequence;
    private long openMark;
    private ResumePositions resume;
    private boolean batchFull;
    private volatile boolean stopped;
    private long nextIdleCallNs;

    Lane(
        final SubscriptionContext context,
        final int index,
        final long startSequence,
        final Ring ring,
        final LaneInput input,
        final ResumePositions resume,
        final Sink sink,
        final Delivery delivery,
        final LaneMonitor monitor) {
        this.context = context;
        this.index = index;
        this.startSequence = startSequence;
        this.ring = ring;
        this.input = input;
        this.resume = resume;
        this.sink = sink;
        this.delivery = delivery;
        this.health = monitor.health();
        this.clock = monitor.clock();
        this.recorder = monitor.recorder();
        this.droppedEvents = monitor.droppedEvents();
        this.evictions = monitor.evictions();
        this.undecodableEvents = monitor.undecodableEvents();
        this.sinkIdleFailures = monitor.sinkIdleFailures();
        final int softLimitBytes =
            context.wholeTransactions() ? context.maxTransactionBytes() : context.maxBatchBytes();
        final int hardLimitBytes = softLimitBytes + ring.maxEventLengthBytes() + Long.BYTES;
        batch = new EventBatch(
            context.wholeTransactions() ? hardLimitBytes / SMALLEST_EVENT_BYTES : context.maxBatchEvents(),
            hardLimitBytes);
        conflated = context.whenFull() == WhenFull.CONFLATE ? new ConflatingStore(context.conflateMaxKeys()) : null;
        position = new Sequence(startSequence - 1);
        nextIdleCallNs = clock.nanoTime() + IDLE_CALL_INTERVAL_NS;
    }

    @Override
    public int doWork() {
        if (stopped) {
            return 0;
        }
        try {
            return collectAndDeliver();
        } catch (final LogException ex) {
            LOG.error("Lane {} cannot read on from the event log", roleName(), ex);
            stop("Flow " + context.name() + " stopped: it cannot read on from the event log: " + ex.getMessage());
            return 0;
        } catch (final RuntimeException | Error ex) {
            // Out of memory among them. Were it thrown on, the thread would end with its gate still in the ring.
            LOG.error("Lane {} failed", roleName(), ex);
            stop("Flow " + context.name() + " stopped: a fault in the program: " + ex + ". Report it with the log.");
            return 0;
        }
    }

    private int collectAndDeliver() {
        if (batch.heldCount() == 0 && mayHaveParkedWork()) {
            seeToParkedEvents();
            return 1;
        }
        final int moved = collect();
        if (batch.heldCount() == 0) {
            if (openTransactions.isEmpty()) {
                movePosition();
            }
            return moved > 0 ? moved : idleSink();
        }
        if (!openTransactions.isEmpty() && !batchFull) {
            return moved;
        }
        deliver();
        return moved + 1;
    }

    private int collect() {
        if (conflated != null && !conflated.isEmpty()) {
            conflated.moveTo(batch);
        }
        int moved = 0;
        batchFull = false;
        while (moved < MAX_EVENTS_PER_CYCLE && !batchFull
            && input.next(wholeCount == 0 || openTransactions.isEmpty())) {
            moved++;
            if (isOwn(input.cursor()) && !take()) {
                input.cursor().back();
                batchFull = true;
            }
        }
        leaveOpenTransactionToTheNextBatch();
        input.release();
        return moved;
    }

    /** What is whole must not wait for the commit of what is not, which may be long in coming. */
    private void leaveOpenTransactionToTheNextBatch() {
        if (!openTransactions.isEmpty() && wholeCount > 0) {
            input.cursor().backTo(openSequence, openMark);
            batch.truncate(wholeCount);
            openTransactions.clear();
            wholeCount = 0;
            batchFull = true;
        }
    }

    /** With several lanes the first ones' readers begin before the common start. */
    private void movePosition() {
        position.set(Math.max(startSequence - 1, input.passedSequence()));
    }

    /** Whether the cursor's event is selected, belongs to this lane and is not finished; the view is on it then. */
    private boolean isOwn(final EventCursor cursor) {
        if (cursor.sequence() < startSequence) {
            return false;
        }
        if (view.wrap(cursor.buffer(), cursor.eventOffset(), cursor.eventLengthBytes()) != DecodeError.NONE) {
            undecodableEvents.increment();
            return false;
        }
        if (resume != null && isFinishedBefore()) {
            return false;
        }
        if (view.kind() == EventKind.TRANSACTION) {
            return context.wholeTransactions();
        }
        return (context.lanes() == 1 || laneOf(view.keyHash(), context.lanes()) == index)
            && context.topics().matches(view.buffer(), view.topicOffset(), view.topicLength());
    }

    private boolean isFinishedBefore() {
        if (resume.isPassedBy(view.sequence())) {
            resume = null;
            return false;
        }
        return resume.isFinished(view);
    }

    /** Events without a key have the hash 0, and all go to lane 0. */
    static int laneOf(final long keyHash, final int laneCount) {
        return SinkContext.laneOf(keyHash, laneCount);
    }

    /** Takes the view's event into the batch, if the bounds allow. */
    private boolean take() {
        if (openTransactions.isEmpty()) {
            if (batch.heldCount() >= context.maxBatchEvents() || batch.usedBytes() >= context.maxBatchBytes()) {
                return false;
            }
        } else if (batch.usedBytes() >= context.maxTransactionBytes()) {
            return false;
        }
        if (!batch.append(view.buffer(), view.offset(), view.length(), input.cursor().publishedAtNs())) {
            return false;
        }
        if (view.kind() == EventKind.TRANSACTION) {
            final boolean wereNone = openTransactions.isEmpty();
            openTransactions.onEvent(view);
            if (wereNone && !openTransactions.isEmpty()) {
                wholeCount = batch.heldCount() - 1;
                openSequence = input.cursor().sequence();
                openMark = input.cursor().mark();
            }
        }
        return true;
    }

    private void deliver() {
        batch.endsInTransaction(!openTransactions.isEmpty());
        final long handedOverNs = clock.nanoTime();
        handshake.beginDelivery();
        try {
            delivery.deliver(batch);
        } catch (final FlowStoppedException ex) {
            stop(ex.getMessage());
            return;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            stop("It was stopped while it delivered; what was not acknowledged is given again after a restart.");
            return;
        }
        final long acknowledgedNs = clock.nanoTime();
        endDelivery();
        record(handedOverNs, acknowledgedNs);
        batch.clear();
        wholeCount = 0;
        if (openTransactions.isEmpty() && (conflated == null || conflated.isEmpty())) {
            movePosition();
        }
        nextIdleCallNs = acknowledgedNs + IDLE_CALL_INTERVAL_NS;
    }

    /** Not between the parts of a transaction: a sink would commit those it has with what is replayed. */
    private boolean mayHaveParkedWork() {
        return openTransactions.isEmpty() && delivery.hasWork(position.get());
    }

    /** In the sink as well: the lane may be evicted meanwhile. */
    private void seeToParkedEvents() {
        handshake.beginDelivery();
        try {
            delivery.doWork(position.get());
        } catch (final FlowStoppedException ex) {
            stop(ex.getMessage());
            return;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            stop("It was stopped while it saw to parked events; they are parked still.");
            return;
        }
        endDelivery();
    }

    private void endDelivery() {
        if (handshake.endDelivery() && input.hasLeftRing()) {
            input.evicted();
        }
    }

    private void record(final long handedOverNs, final long acknowledgedNs) {
        batch.window(0, batch.heldCount());
        for (int i = 0; i < batch.size(); i++) {
            final EventView event = batch.event(i);
            final long transportNs = handedOverNs - batch.publishedAtNs(i);
            if (event.snapshot() || event.sourceTimeNs() == 0) {
                recorder.recordInside(transportNs, acknowledgedNs - handedOverNs);
            } else {
                recorder.record(
                    event.publishTimeNs() - event.sourceTimeNs(), transportNs, acknowledgedNs - handedOverNs);
            }
        }
    }

    /** The gate leaves the ring, so that the others go on; the position stays, so that sources keep what is missing. */
    private void stop(final String reason) {
        if (handshake.state() != EvictionHandshake.READING) {
            endDelivery();
        }
        stopped = true;
        input.close();
        delivery.close(position.get());
        if (health.state() != Health.State.FAILED) {
            health.failed(reason);
        }
    }

    private int idleSink() {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextIdleCallNs >= 0) {
            nextIdleCallNs = nowNs + IDLE_CALL_INTERVAL_NS;
            try {
                sink.idle();
            } catch (final DeliveryException ex) {
                sinkIdleFailures.increment();
                health.degraded(ex.getMessage());
            }
        }
        return 0;
    }

    /**
     * Moves the lane out of the publishers' way while its thread is in its sink and the ring is filling: into the log,
     * from which nothing is lost, or, without one, over what is waiting: that is dropped or conflated, and counted.
     * Called by the conductor's thread.
     *
     * @param lagLimitSlots the lag from which on it is done.
     * @return how many events were lost for this subscription.
     */
    int evict(final int lagLimitSlots) {
        if (stopped || input.gateLagSlots() < lagLimitSlots || !handshake.tryEvict()) {
            return 0;
        }
        try {
            if (context.whenFull() == WhenFull.EVICT) {
                if (input.leaveRing()) {
                    evictions.increment();
                }
                return 0;
            }
            return passOver();
        } finally {
            handshake.drained();
        }
    }

    private int passOver() {
        final RingReader reader = input.passOver();
        int lost = 0;
        // Only as far as the publishers were: one that is faster than this must not keep the lane waiting.
        final long untilSequence = ring.claimedSequence();
        while (reader.passedSequence() < untilSequence && reader.next()) {
            if (isOwn(reader)) {
                lost += conflated == null ? 1 : conflated.put(view, reader.publishedAtNs());
            }
        }
        reader.release();
        droppedEvents.getAndAdd(lost);
        return lost;
    }

    boolean hasFrame() {
        return !stopped && (input.hasEvent() || mayHaveParkedWork());
    }

    boolean stopped() {
        return stopped;
    }

    boolean evicted() {
        return handshake.state() >= EvictionHandshake.DRAINING;
    }

    boolean catchingUp() {
        return !stopped && input.place() != LaneInput.Place.RING;
    }

    long position() {
        return position.get();
    }

    long lagSlots() {
        return stopped ? 0 : input.lagSlots();
    }

    @Override
    public void onClose() {
        if (!stopped) {
            stopped = true;
            input.close();
            delivery.close(position.get());
        }
        sink.close();
    }

    @Override
    public String roleName() {
        return "headrace-" + context.name() + (context.lanes() > 1 ? "-" + index : "");
    }
}
