package io.headrace.bus.simulation;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.log.EpochHistory;
import io.headrace.codecs.sbe.Mark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sink of one lane in one process: slow, failing, and comparing each event that it gets with the model. Everything
 * else may get its turns while it delivers, as if it blocked. Owned by the thread of the simulation.
 */
final class SimulatedSink implements Sink {
    private final BusSimulation simulation;
    private final SimulatedSubscription subscription;
    private final int lane;
    private final EpochHistory epochs;
    private final SinkTarget.Applied appliedBefore;
    private final Map<String, Long> openTransactions = new HashMap<>();
    /** What a transactional target holds back until the transaction is whole. */
    private final List<RecordedEvent> held = new ArrayList<>();
    /** In the model's events: all that are this lane's before it are finished, or the sink is about to. */
    private int nextIndex;
    private long deliveredSequence = -1;
    private boolean closed;

    SimulatedSink(
        final BusSimulation simulation,
        final SimulatedSubscription subscription,
        final int lane,
        final EpochHistory epochs) {
        this.simulation = simulation;
        this.subscription = subscription;
        this.lane = lane;
        this.epochs = epochs;
        appliedBefore = subscription.target.applied(epochs);
        nextIndex = simulation.log().indexFrom(subscription.startSequence());
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        check(!closed, "is called after its end");
        simulation.othersWhileInSink();
        final List<RecordedEvent> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            events.add(RecordedEvent.of(batch.event(i)));
        }
        if (batch.replayed()) {
            takeReplayed(events.get(0));
            simulation.othersWhileInSink();
            return;
        }
        if (simulation.chance(12)) {
            final int deliveredCount = subscription.transactional || subscription.wholeTransactions ?
                0 : simulation.upTo(firstPoison(events));
            take(events.subList(0, deliveredCount), batch.endsInTransaction());
            simulation.happened(Happening.RETRY);
            throw DeliveryException.retriable(deliveredCount, "The target is away.", null);
        }
        if (subscription.transactional) {
            deliverTransactionally(events, batch.endsInTransaction());
        } else {
            deliverPlainly(events, batch.endsInTransaction());
        }
        simulation.othersWhileInSink();
    }

    private int firstPoison(final List<RecordedEvent> events) {
        int index = 0;
        while (index < events.size() && !subscription.target.refuses(events.get(index))) {
            index++;
        }
        return index;
    }

    private void deliverPlainly(final List<RecordedEvent> events, final boolean endsInTransaction)
        throws DeliveryException {
        final int poisonIndex = firstPoison(events);
        if (poisonIndex < events.size()) {
            take(events.subList(0, poisonIndex), endsInTransaction);
            if (subscription.parks()) {
                checkOrder(events.get(poisonIndex));
            } else {
                take(events.subList(poisonIndex, poisonIndex + 1), endsInTransaction);
                simulation.happened(Happening.POISON_SKIPPED);
            }
            throw DeliveryException.poison(poisonIndex, poisonIndex, "It is poison.", null);
        }
        take(events, endsInTransaction);
        checkTornBatch(endsInTransaction);
    }

    /** A parked event out of its turn. */
    private void takeReplayed(final RecordedEvent event) throws DeliveryException {
        checkIsMeant(event);
        final LogModel log = simulation.log();
        check(log.wasParked(subscription.name, event.sequence()), "replays " + event + ", which was not parked");
        check(subscription.lanesChanged() || !log.isDropped(subscription.name, event.sequence()),
            "replays " + event + ", which was dropped");
        if (simulation.chance(12)) {
            simulation.happened(Happening.RETRY);
            throw DeliveryException.retriable(0, "The target is away.", null);
        }
        if (subscription.target.refuses(event)) {
            simulation.happened(Happening.REPLAY_REFUSED);
            throw DeliveryException.poison(0, 0, "It is poison still.", null);
        }
        finish(event, false);
    }

    private void deliverTransactionally(final List<RecordedEvent> events, final boolean endsInTransaction)
        throws InterruptedException {
        for (final RecordedEvent event : events) {
            checkOrder(event);
        }
        checkTransactions(events);
        checkTornBatch(endsInTransaction);
        held.addAll(events);
        if (endsInTransaction) {
            return;
        }
        simulation.crashBeforeCommit();
        for (final RecordedEvent event : held) {
            if (appliedBefore.contains(event)) {
                simulation.happened(Happening.REPEAT_LEFT_OUT_BY_TRANSACTIONAL_SINK);
                check(subscription.target.isFinished(event.sequence()), "takes " + event + " for applied");
            } else {
                check(subscription.target.finish(event.sequence()), "applies " + event + " twice");
            }
        }
        held.clear();
        final long lastSequence = events.get(events.size() - 1).sequence();
        subscription.target.storePosition(
            lane, subscription.lanes(), lastSequence, epochs.positionText(lastSequence));
    }

    private void take(final List<RecordedEvent> events, final boolean part) {
        for (final RecordedEvent event : events) {
            checkOrder(event);
            finish(event, part);
        }
        checkTransactions(events);
    }

    private void finish(final RecordedEvent event, final boolean part) {
        if (!subscription.target.finish(event.sequence())) {
            simulation.happened(Happening.REPEATED_DELIVERY);
        }
        // Of parts of a transaction that is larger than a batch may be, the position stays before the first.
        check(part || subscription.delivered(event), "gets " + event + " again, without a crash");
    }

    private void checkIsMeant(final RecordedEvent event) {
        check(subscription.selects(event), "gets " + event + ", which it does not select");
        check(subscription.laneOf(event) == lane, "gets " + event + " of lane " + subscription.laneOf(event));
        check(event.sequence() >= subscription.startSequence(), "gets " + event + " of before its beginning");
        final LogModel log = simulation.log();
        log.follow();
        final Integer index = log.indexOf(event.sequence());
        check(index != null && log.events().get(index).equals(event), "gets " + event + ", which is not recorded");
        if (subscription.keepsOrder() && event.keyHash() != 0) {
            log.events().subList(0, index).stream()
                .filter(before -> before.keyHash() == event.keyHash() && before.topic().equals(event.topic())
                    && before.sequence() >= subscription.startSequence())
                .forEach(before -> check(subscription.target.isFinished(before.sequence())
                        || log.isDropped(subscription.name, before.sequence()),
                    "gets " + event + " before " + before + " of its key"));
        }
    }

    /** The lane gets what is its own, recorded, once in this process, in order and without a gap. */
    private void checkOrder(final RecordedEvent event) {
        checkIsMeant(event);
        check(event.sequence() > deliveredSequence, "gets " + event + " behind " + deliveredSequence);
        deliveredSequence = event.sequence();
        final LogModel log = simulation.log();
        final int index = log.indexOf(event.sequence());
        for (; nextIndex < index; nextIndex++) {
            final RecordedEvent passed = log.events().get(nextIndex);
            if (subscription.selects(passed) && subscription.laneOf(passed) == lane
                && passed.sequence() >= subscription.startSequence()) {
                check(subscription.target.isFinished(passed.sequence())
                        || log.wasParked(subscription.name, passed.sequence()),
                    "gets " + event + ", but not " + passed);
            }
        }
        nextIndex = index + 1;
    }

    /** Transactions are whole where that is asked for, unless the subscription began inside of one. */
    private void checkTransactions(final List<RecordedEvent> events) {
        if (!subscription.wholeTransactions) {
            return;
        }
        for (final RecordedEvent event : events) {
            if (event.mark() == Mark.BEGIN) {
                openTransactions.put(event.source(), event.transaction());
            } else if (event.transaction() >= 0) {
                final long open = openTransactions.getOrDefault(event.source(), -1L);
                check(open == event.transaction()
                        || simulation.log().beginSequence(event) < subscription.startSequence(),
                    "gets " + event + " inside of transaction " + open);
                if (event.mark() == Mark.COMMIT) {
                    openTransactions.remove(event.source());
                    simulation.happened(Happening.WHOLE_TRANSACTION);
                }
            }
        }
    }

    private void checkTornBatch(final boolean goesOn) {
        check(goesOn || openTransactions.isEmpty(), "gets a batch that tears " + openTransactions);
        if (goesOn && !openTransactions.isEmpty()) {
            simulation.happened(Happening.TRANSACTION_IN_PARTS);
        }
    }

    private void check(final boolean holds, final String problem) {
        if (!holds) {
            throw simulation.wrong(subscription.failed("in lane " + lane + " " + problem));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
