package io.headrace.bus.delivery;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.log.ParkedEvents;
import io.headrace.bus.log.ParkedEventsProxy;
import io.headrace.bus.log.ParkedOfSubscription;
import io.headrace.codecs.EventView;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One lane's part of its subscription's parking lot: what of a batch must not reach the sink, and what people asked
 * for. Owned by the lane's thread, but for {@link #request}, which is for any.
 */
final class LaneParking {
    private static final byte[] NO_KEY = {};
    private static final SingleDelivery NO_SINK = single -> {
        throw new IllegalStateException("a flow that has stopped delivers nothing");
    };

    private final ParkingLot lot;
    private final int index;
    private final ParkedOfSubscription parked;
    private final ParkedEventsProxy proxy;
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    /** Behind it nothing may be dropped: after the next start it would be delivered as if it had never been parked. */
    private volatile long finishedAtClose;
    /** How often something was resolved when it was last looked for what is held back behind nothing. */
    private long resolvedSeen = -1;
    /** The first sequence, if any, that was held back behind nothing but not come to again since the restart. */
    private long releaseFromSequence = Long.MAX_VALUE;

    private record Request(ParkedSelection selection, boolean drops, CompletableFuture<ParkingOutcome> outcome) {
    }

    LaneParking(final ParkingLot lot, final int index) {
        this.lot = lot;
        this.index = index;
        parked = lot.parked();
        proxy = new ParkedEventsProxy(lot.store().appender());
    }

    /**
     * Takes out of a batch what is parked already, as a crash came before the position was past it; and, when the order
     * of keys is kept, parks what comes behind a parked event of its key.
     *
     * @param batch     to be given to the sink; its window is everything behind {@code from} afterwards.
     * @param from      the first event that is not finished.
     * @param keepOrder whether keys hold their later events back.
     */
    void leaveOut(final EventBatch batch, final int from, final boolean keepOrder)
        throws DeliveryException, InterruptedException {
        if (parked.isEmpty()) {
            return;
        }
        batch.window(from, batch.heldCount());
        int i = 0;
        while (i < batch.size()) {
            final EventView event = batch.event(i);
            final ParkedEvent earlier = keepOrder ? parked.firstOfKey(event) : null;
            if (parked.find(event.sequence()) != null) {
                batch.remove(i);
            } else if (earlier != null && earlier.sequence() < event.sequence()) {
                park(event, "Held back behind event " + earlier.sequence() + " of its key.", 0, true);
                batch.remove(i);
            } else {
                i++;
            }
        }
    }

    /** Returns when it is recorded that the event is parked. */
    void park(final EventView event, final String reason, final int attempts, final boolean heldBack)
        throws DeliveryException, InterruptedException {
        final ParkedEvents all = lot.store().parkedEvents();
        final boolean isNew = parked.find(event.sequence()) == null;
        if (isNew && all.full()) {
            throw DeliveryException.fatal(0, "event " + event.sequence() + " cannot be parked, as " + all.count()
                + " events are parked already, the most that a bus may have. Replay or drop some of them. It was to be"
                + " parked for this: " + reason, null);
        }
        final ParkedEvent about = new ParkedEvent(lot.subscription(), event.sequence(), 0, "", NO_KEY,
            reason, attempts, lot.store().epochNs().getAsLong(), heldBack, -1);
        if (!proxy.park(about, event.buffer(), event.offset(), event.length())) {
            throw DeliveryException.fatal(0, "event " + event.sequence() + " of " + event.length()
                + " bytes is too long to be parked in the event log, whose term-length is too small for it. It was to"
                + " be parked for this: " + reason, null);
        }
        if (isNew) {
            lot.counters().parkedTotal().increment();
            if (heldBack) {
                lot.counters().heldBack().increment();
            }
        }
    }

    /** For any thread. */
    CompletableFuture<ParkingOutcome> request(final ParkedSelection selection, final boolean drops) {
        final Request request = new Request(selection, drops, new CompletableFuture<>());
        requests.add(request);
        if (closed) {
            refuse();
        }
        return request.outcome();
    }

    boolean hasWork(final long finishedSequence) {
        return !requests.isEmpty()
            || resolvedSeen != parked.resolvedCount()
            || finishedSequence >= releaseFromSequence;
    }

    int doWork(final long finishedSequence, final boolean keepOrder, final SingleDelivery delivery)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        if (!hasWork(finishedSequence)) {
            return 0;
        }
        int workCount = 0;
        try (ParkedReplay replay = new ParkedReplay(lot, index, this, delivery, finishedSequence, keepOrder)) {
            for (Request request = requests.poll(); request != null; request = requests.poll()) {
                serve(request, replay);
                workCount++;
            }
            final long resolvedBefore = parked.resolvedCount();
            workCount += replay.release();
            releaseFromSequence = replay.releaseFromSequence();
            resolvedSeen = resolvedBefore;
        }
        return workCount;
    }

    private void serve(final Request request, final ParkedReplay replay)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        try {
            final ParkingOutcome outcome =
                request.drops() ? replay.drop(request.selection()) : replay.replay(request.selection());
            // Not by this thread: whoever waits for it may do anything next.
            request.outcome().completeAsync(() -> outcome);
        } catch (final FlowStoppedException | DeliveryException | InterruptedException | RuntimeException ex) {
            request.outcome().completeExceptionally(ex);
            throw ex;
        }
    }

    /** The lane works no more: nobody would serve what is asked for. */
    void close(final long finishedSequence) {
        finishedAtClose = finishedSequence;
        closed = true;
        refuse();
    }

    /** By the lane's thread when it ends, and by those who ask later. */
    private synchronized void refuse() {
        for (Request request = requests.poll(); request != null; request = requests.poll()) {
            if (!request.drops()) {
                request.outcome().completeExceptionally(new IllegalStateException("Flow " + lot.subscription()
                    + " has stopped and cannot replay " + request.selection() + ". Start it again first."));
                continue;
            }
            try (ParkedReplay replay = new ParkedReplay(lot, index, this, NO_SINK, finishedAtClose, false)) {
                request.outcome().complete(replay.drop(request.selection()));
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                request.outcome().completeExceptionally(ex);
            } catch (final LogException ex) {
                request.outcome().completeExceptionally(ex);
            }
        }
    }

    ParkedEventsProxy proxy() {
        return proxy;
    }
}
