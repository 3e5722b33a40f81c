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
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * One worker of a buffered subscription: copies what is its own out of the ring, moves its gate on, and then gives the
 * batch to its sink. Its thread owns everything here but {@link #evictAndDrain}, which the conductor calls while the
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
    private final RingReader reader;
    private final Sink sink;
    private final Delivery delivery;
    private final Health health;
    private final BusClock clock;
    private final StageRecorder recorder;
    private final AtomicCounter droppedEvents;
    private final AtomicCounter undecodableEvents;
    private final AtomicCounter sinkIdleFailures;
    private final EventBatch batch;
    private final ConflatingStore conflated;
    private final EvictionHandshake handshake = new EvictionHandshake();
    private final Sequence position;
    private final EventView view = new EventView();
    private final TransactionMarkView mark = new TransactionMarkView();

    private int openTransactions;
    /** Where the transactions that are open now began: how many events of the batch stand before, and the sequence. */
    private int wholeCount;
    private long openSequence;
    private boolean batchFull;
    private volatile boolean stopped;
    private long nextIdleCallNs;

    Lane(
        final SubscriptionContext context,
        final int index,
        final long startSequence,
        final Ring ring,
        final RingReader reader,
        final Sink sink,
        final Delivery delivery,
        final LaneMonitor monitor) {
        this.context = context;
        this.index = index;
        this.startSequence = startSequence;
        this.ring = ring;
        this.reader = reader;
        this.sink = sink;
        this.delivery = delivery;
        this.health = monitor.health();
        this.clock = monitor.clock();
        this.recorder = monitor.recorder();
        this.droppedEvents = monitor.droppedEvents();
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
        } catch (final RuntimeException | Error ex) {
            // Out of memory among them. Were it thrown on, the thread would end with its gate still in the ring.
            LOG.error("Lane {} failed", roleName(), ex);
            stop("Flow " + context.name() + " stopped: a fault in the program: " + ex + ". Report it with the log.");
            return 0;
        }
    }

    private int collectAndDeliver() {
        final int moved = collect();
        if (batch.heldCount() == 0) {
            if (openTransactions == 0) {
                movePosition();
            }
            return moved > 0 ? moved : idleSink();
        }
        if (openTransactions > 0 && !batchFull) {
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
        while (moved < MAX_EVENTS_PER_CYCLE && !batchFull && reader.next()) {
            moved++;
            if (isOwn() && !take()) {
                reader.back();
                batchFull = true;
            }
        }
        leaveOpenTransactionToTheNextBatch();
        reader.release();
        return moved;
    }

    /** What is whole must not wait for the commit of what is not, which may be long in coming. */
    private void leaveOpenTransactionToTheNextBatch() {
        if (openTransactions > 0 && wholeCount > 0) {
            reader.backTo(openSequence);
            batch.truncate(wholeCount);
            openTransactions = 0;
            wholeCount = 0;
            batchFull = true;
        }
    }

    /** With several lanes the first ones' readers begin before the common start. */
    private void movePosition() {
        position.set(Math.max(startSequence - 1, reader.passedSequence()));
    }

    /** Whether the reader's event is selected and belongs to this lane; the view is on it then. */
    private boolean isOwn() {
        if (reader.sequence() < startSequence) {
            return false;
        }
        if (view.wrap(reader.buffer(), reader.eventOffset(), reader.eventLengthBytes()) != DecodeError.NONE) {
            undecodableEvents.increment();
            return false;
        }
        if (view.kind() == EventKind.TRANSACTION) {
            return context.wholeTransactions();
        }
        return (context.lanes() == 1 || laneOf(view.keyHash(), context.lanes()) == index)
            && context.topics().matches(view.buffer(), view.topicOffset(), view.topicLength());
    }

    /** Events without a key have the hash 0, and all go to lane 0. */
    static int laneOf(final long keyHash, final int laneCount) {
        return SinkContext.laneOf(keyHash, laneCount);
    }

    /** Takes the view's event into the batch, if the bounds allow. */
    private boolean take() {
        final boolean isMark = view.kind() == EventKind.TRANSACTION;
        if (openTransactions == 0) {
            if (batch.heldCount() >= context.maxBatchEvents() || batch.usedBytes() >= context.maxBatchBytes()) {
                return false;
            }
        } else if (batch.usedBytes() >= context.maxTransactionBytes()) {
            return false;
        }
        if (!batch.append(view.buffer(), view.offset(), view.length(), reader.publishedAtNs())) {
            return false;
        }
        if (isMark && mark.wrap(view.buffer(), view.payloadOffset(), view.payloadLength()) == DecodeError.NONE) {
            if (openTransactions == 0) {
                wholeCount = batch.heldCount() - 1;
                openSequence = reader.sequence();
            }
            openTransactions = Math.max(0, openTransactions + (mark.mark() == Mark.BEGIN ? 1 : -1));
        }
        return true;
    }

    private void deliver() {
        batch.endsInTransaction(openTransactions > 0);
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
        handshake.endDelivery();
        record(handedOverNs, acknowledgedNs);
        batch.clear();
        wholeCount = 0;
        if (openTransactions == 0 && (conflated == null || conflated.isEmpty())) {
            movePosition();
        }
        nextIdleCallNs = acknowledgedNs + IDLE_CALL_INTERVAL_NS;
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
            handshake.endDelivery();
        }
        stopped = true;
        reader.close();
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
     * Takes over the reader while the lane's thread is in its sink and the ring is filling, and moves it to where the
     * publishers are: what is passed over is dropped or conflated, and counted. Called by the conductor's thread.
     *
     * @param lagLimitSlots the lag from which on it is done.
     * @return how many events were lost for this subscription.
     */
    int evictAndDrain(final int lagLimitSlots) {
        if (stopped || reader.lagSlots() < lagLimitSlots || !handshake.tryEvict()) {
            return 0;
        }
        int lost = 0;
        try {
            // Only as far as the publishers were: one that is faster than this must not keep the lane waiting.
            final long untilSequence = ring.claimedSequence();
            while (reader.passedSequence() < untilSequence && reader.next()) {
                if (isOwn()) {
                    lost += conflated == null ? 1 : conflated.put(view, reader.publishedAtNs());
                }
            }
            reader.release();
            droppedEvents.getAndAdd(lost);
        } finally {
            handshake.drained();
        }
        return lost;
    }

    boolean hasFrame() {
        return !stopped && reader.hasFrame();
    }

    boolean stopped() {
        return stopped;
    }

    boolean evicted() {
        return handshake.state() >= EvictionHandshake.DRAINING;
    }

    long position() {
        return position.get();
    }

    long lagSlots() {
        return stopped ? 0 : reader.lagSlots();
    }

    @Override
    public void onClose() {
        if (!stopped) {
            stopped = true;
            reader.close();
        }
        sink.close();
    }

    @Override
    public String roleName() {
        return "headrace-" + context.name() + (context.lanes() > 1 ? "-" + index : "");
    }
}
