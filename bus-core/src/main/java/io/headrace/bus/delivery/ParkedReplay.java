package io.headrace.bus.delivery;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.log.ParkedOfSubscription;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventParkedView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.Resolution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Comparator;
import java.util.List;

/**
 * One turn of a lane in its parking lot: replays, drops, and gives to the sink what is held back behind nothing. Made
 * and used by the lane's thread between two batches; it opens a reader of the log when it needs one.
 */
final class ParkedReplay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParkedReplay.class);
    private static final int LONGEST_EVENT_BYTES = 1 << 30;
    private static final int MAX_LOOKS = 3;

    private final ParkingLot lot;
    private final int lane;
    private final LaneParking parking;
    private final SingleDelivery delivery;
    private final long finishedSequence;
    private final boolean keepOrder;
    private final ParkedOfSubscription parked;
    private final EventBatch single = new EventBatch(1, LONGEST_EVENT_BYTES);
    private final EventParkedView view = new EventParkedView();
    private final EventView eventView = new EventView();
    private LogReader reader;
    private boolean positionRecorded;
    private long releaseFromSequence = Long.MAX_VALUE;

    ParkedReplay(
        final ParkingLot lot,
        final int lane,
        final LaneParking parking,
        final SingleDelivery delivery,
        final long finishedSequence,
        final boolean keepOrder) {
        this.lot = lot;
        this.lane = lane;
        this.parking = parking;
        this.delivery = delivery;
        this.finishedSequence = finishedSequence;
        this.keepOrder = keepOrder;
        parked = lot.parked();
    }

    ParkingOutcome replay(final ParkedSelection selection)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        ParkingOutcome outcome = ParkingOutcome.none();
        for (final ParkedEvent event : parked.events()) {
            // It may have followed one before it already.
            if (isMeant(event, selection) && parked.find(event.sequence()) != null) {
                final String obstacle = obstacle(event);
                outcome = obstacle == null ? outcome.plus(replayWithFollowers(event)) : outcome.plusRemaining(obstacle);
            }
        }
        return outcome;
    }

    private boolean isMeant(final ParkedEvent event, final ParkedSelection selection) {
        return lot.isOfLane(event, lane) && selection.matches(event);
    }

    private String obstacle(final ParkedEvent event) {
        if (event.sequence() > finishedSequence) {
            return notYet(event);
        }
        final ParkedEvent first = keepOrder ? parked.firstOfKey(event) : null;
        return first == null || first.sequence() >= event.sequence() ? null :
            "Event " + event.sequence() + " waits for event " + first.sequence() + " of its key.";
    }

    private static String notYet(final ParkedEvent event) {
        return "Event " + event.sequence() + ": the flow has not come to it again since its restart; ask later.";
    }

    private ParkingOutcome replayWithFollowers(final ParkedEvent event)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        ParkingOutcome outcome = ParkingOutcome.none();
        ParkedEvent next = event;
        do {
            final String problem = replayOne(next);
            if (problem != null) {
                LOG.warn("flow {} could not replay event {}, which stays parked: {}",
                    lot.subscription(), next.sequence(), problem);
                return outcome.plusRemaining("Event " + next.sequence() + ": " + problem);
            }
            outcome = outcome.plusReplayed();
            next = event.keyed() ? parked.firstOfKey(event) : null;
        } while (next != null && next.heldBack() && next.sequence() <= finishedSequence);
        return outcome;
    }

    /** Answers why the event is parked still, or null when it is not. */
    private String replayOne(final ParkedEvent event)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        final String unreadable = read(event);
        if (unreadable != null) {
            return unreadable;
        }
        recordPosition();
        try {
            delivery.deliver(single);
        } catch (final DeliveryException poison) {
            lot.counters().replayFailures().increment();
            single.window(0, 1);
            parking.park(single.event(0), poison.getMessage(), event.attempts() + 1, false);
            return poison.getMessage();
        }
        parking.proxy().resolve(event, Resolution.REPLAYED, lot.store().epochNs().getAsLong());
        lot.counters().replayed().increment();
        return null;
    }

    private void recordPosition() throws InterruptedException {
        if (!positionRecorded) {
            lot.positions().recordPosition();
            positionRecorded = true;
        }
    }

    /** Copies the event from the log; its record may be moved to the log's end while it is looked for. */
    private String read(final ParkedEvent event) {
        String problem = "it is parked no more.";
        long lookedAt = -1;
        for (int look = 0; look < MAX_LOOKS; look++) {
            final ParkedEvent now = parked.find(event.sequence());
            if (now == null || now.logPosition() == lookedAt) {
                return problem;
            }
            lookedAt = now.logPosition();
            problem = readAt(now);
            if (problem == null) {
                return null;
            }
        }
        return problem;
    }

    private String readAt(final ParkedEvent event) {
        try {
            if (reader == null) {
                reader = lot.store().readers().get();
            }
            reader.seekPosition(event.logPosition());
            // The record may begin behind padding, so its id decides.
            if (reader.next()
                && view.wrap(reader.buffer(), reader.offset(), reader.lengthBytes()) == DecodeError.NONE
                && view.sequence() == event.sequence()
                && view.subscription().equals(event.subscription())
                && eventView.wrap(view.buffer(), view.eventOffset(), view.eventLength()) == DecodeError.NONE) {
                single.clear();
                single.append(view.buffer(), view.eventOffset(), view.eventLength(), 0);
                single.replayed(true);
                return null;
            }
            return "its record is not at log position " + event.logPosition() + ".";
        } catch (final LogException ex) {
            return "its record cannot be read: " + ex.getMessage();
        }
    }

    ParkingOutcome drop(final ParkedSelection selection) throws InterruptedException {
        ParkingOutcome outcome = ParkingOutcome.none();
        for (final ParkedEvent event : parked.events()) {
            if (isMeant(event, selection) && event.sequence() > finishedSequence) {
                outcome = outcome.plusRemaining(notYet(event));
            } else if (isMeant(event, selection)) {
                recordPosition();
                parking.proxy().resolve(event, Resolution.DROPPED, lot.store().epochNs().getAsLong());
                lot.counters().dropped().increment();
                outcome = outcome.plusDropped();
            }
        }
        return outcome;
    }

    /** Gives to the sink what is held back behind nothing, and answers how much that was. */
    int release() throws FlowStoppedException, DeliveryException, InterruptedException {
        final List<ParkedEvent> heads = parked.firstOfEachKey().stream()
            .filter(event -> event.heldBack() && lot.isOfLane(event, lane))
            .sorted(Comparator.comparingLong(ParkedEvent::sequence))
            .toList();
        int workCount = 0;
        for (final ParkedEvent head : heads) {
            if (head.sequence() <= finishedSequence) {
                final ParkingOutcome outcome = replayWithFollowers(head);
                workCount += outcome.replayed() + outcome.remaining();
            } else {
                releaseFromSequence = Math.min(releaseFromSequence, head.sequence());
            }
        }
        return workCount;
    }

    /** The first sequence that {@link #release()} found to come too early. */
    long releaseFromSequence() {
        return releaseFromSequence;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
