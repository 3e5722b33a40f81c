package io.headrace.bus.delivery;

import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.log.ParkedOfSubscription;
import io.headrace.bus.monitor.Counters;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongToIntFunction;

/**
 * Where one subscription sets events aside that its sink refused, until a person replays or drops them. Any thread may
 * look and ask; what is asked for is done by the thread of the event's lane, between two batches.
 *
 * <pre>
 *            poison                        replay, taken ──▶ REPLAYED
 *   sink ──────────────▶ parked ─────────┬─replay, refused ─▶ parked, with the new reason and one more attempt
 *                          ▲             └─drop ───────────▶ DROPPED
 *            of the same   │
 *   batch ─────────────▶ held back ──────the earlier ones of its key are gone ──▶ sink, or parked when it refuses
 * </pre>
 *
 * Every arrow into and out of "parked" is a record of the event log, and is passed only when that is recorded. So after
 * a crash an event that was parked is known to be, and is left out when it comes again; one that was replayed may be
 * delivered once more, if the crash came between the sink's answer and the record. What is held back while nothing
 * earlier of its key is parked any more, after a drop or a crash, goes to the sink by itself.
 */
public final class ParkingLot {
    private final String subscription;
    private final LongToIntFunction laneOfKeyHash;
    private final ParkingStore store;
    private final PositionRecorder positions;
    private final ParkedOfSubscription parked;
    private final ParkingCounters counters;
    private final List<LaneParking> lanes = new ArrayList<>();

    /**
     * Makes the parking lot of one subscription; what it parked before is there.
     *
     * @param subscription  its name.
     * @param laneCount     how many lanes it has.
     * @param laneOfKeyHash which lane gets the events of a key hash.
     * @param store         of the bus.
     * @param positions     records how far the subscription has finished; called by its lanes' threads.
     * @param counters      of the bus; it counts under {@code subscription.NAME.parked-*}.
     */
    public ParkingLot(
        final String subscription,
        final int laneCount,
        final LongToIntFunction laneOfKeyHash,
        final ParkingStore store,
        final PositionRecorder positions,
        final Counters counters) {
        this.subscription = subscription;
        this.laneOfKeyHash = laneOfKeyHash;
        this.store = store;
        this.positions = positions;
        this.counters = ParkingCounters.of(counters, "subscription." + subscription);
        parked = store.parkedEvents().of(subscription);
        parked.gauge(this.counters.parkedEvents());
        for (int i = 0; i < laneCount; i++) {
            lanes.add(new LaneParking(this, i));
        }
    }

    /** {@return what is parked, in the order of sequences} */
    public List<ParkedEvent> events() {
        return parked.events();
    }

    /**
     * Gives parked events to the sink again, in the order of their sequences. Under {@link OnPoison#PARK_KEY} an event
     * waits for the earlier ones of its key, and those that are held back behind it follow it.
     *
     * @param selection which.
     * @return what came of it; it ends with an exception when the flow stops before or meanwhile.
     */
    public CompletableFuture<ParkingOutcome> replay(final ParkedSelection selection) {
        return request(selection, false);
    }

    /**
     * Gives parked events up. Those that were held back behind them, and are not meant themselves, go to the sink.
     *
     * @param selection which.
     * @return what came of it. On a flow that has stopped it is done at once, by the calling thread.
     */
    public CompletableFuture<ParkingOutcome> drop(final ParkedSelection selection) {
        return request(selection, true);
    }

    private CompletableFuture<ParkingOutcome> request(final ParkedSelection selection, final boolean drops) {
        CompletableFuture<ParkingOutcome> all = CompletableFuture.completedFuture(ParkingOutcome.none());
        for (final LaneParking lane : lanes) {
            all = all.thenCombine(lane.request(selection, drops), ParkingOutcome::plus);
        }
        return all;
    }

    LaneParking lane(final int index) {
        return lanes.get(index);
    }

    boolean isOfLane(final ParkedEvent event, final int lane) {
        return laneOfKeyHash.applyAsInt(event.keyHash()) == lane;
    }

    String subscription() {
        return subscription;
    }

    ParkingStore store() {
        return store;
    }

    PositionRecorder positions() {
        return positions;
    }

    ParkedOfSubscription parked() {
        return parked;
    }

    ParkingCounters counters() {
        return counters;
    }
}
