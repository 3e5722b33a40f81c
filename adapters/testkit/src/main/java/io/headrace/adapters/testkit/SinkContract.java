package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkCapabilities.Redelivery;
import io.headrace.bus.log.EpochHistory;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * The contract of a sink. The author of one extends it, says how to look into the target and how to disturb it, and
 * gets a test for each clause. Every test begins with an empty target: empty it in a {@code @BeforeEach} method.
 *
 * <p>The tests follow numbered {@link Change changes}. {@link #event(Change)} makes the event that carries one,
 * {@link #arrivals()} reads from the target which have arrived.
 *
 * @param <O> the options record.
 */
public abstract class SinkContract<O extends Record> extends SinkHooks<O> {
    private static final int CHANGE_COUNT = 20;
    private static final int KEY_COUNT = 5;
    private static final int POISON_AT = 2;
    private static final int RESTART_COUNT = 6;

    /** For the suites of adapters. */
    protected SinkContract() {
    }

    @Test
    void shouldBuildWholeWithoutConnecting() throws Exception {
        try (Bus bus = newBus()) {
            if (has(Ability.OUTAGE)) {
                stopOutside();
            }
            try {
                final ThreadWatch threads = watchThreads();
                final Sink sink = newSink(bus, options());
                assertEquals(List.of(), threads.leftThreads(), "threads of a sink that was only made");
                sink.close();
            } finally {
                if (has(Ability.OUTAGE)) {
                    startOutside();
                }
            }
        }
    }

    @Test
    void shouldDeliverABatchThatReadsBackEqual() throws Exception {
        final List<Change> changes = changes(CHANGE_COUNT, CHANGE_COUNT);
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            sink.deliver(batch(changes));
            awaitShown(changes, false);
        }
    }

    @Test
    void shouldKeepTheOrderOfEachKey() throws Exception {
        final List<Change> all = new ArrayList<>();
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            for (int i = 0; i < KEY_COUNT; i++) {
                final List<Change> changes = changes(CHANGE_COUNT + i, KEY_COUNT);
                sink.deliver(batch(changes));
                all.addAll(changes);
            }
            awaitShown(all, false);
        }
    }

    @Test
    void shouldTakeTheSameBatchTwice() throws Exception {
        final List<Change> changes = changes(CHANGE_COUNT, KEY_COUNT);
        final List<Change> later = changes(1, 1);
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            sink.deliver(batch(changes));
            sink.deliver(batch(changes));
            sink.deliver(batch(later));
            changes.addAll(later);
            awaitShown(changes, true);
        }
    }

    /**
     * A crash is simulated by another sink for the same target and the same event log, which is delivered to from an
     * earlier sequence on. What a killed process leaves half done is for the adapter's own tests.
     */
    @Test
    void shouldComeToTheSameAsOnceWhenASinkIsMadeAnewAndDeliveredToAgain() throws Exception {
        final Redelivery redelivery = provider().capabilities(options()).redelivery();
        Assumptions.assumeTrue(redelivery != Redelivery.REPEATED, "redelivery=" + redelivery);
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        final Random random = new Random(seed);
        final EpochHistory epochs = EpochHistory.of(random.nextLong()).begin(1, 0);
        final List<Change> all = changes(2 * CHANGE_COUNT, KEY_COUNT);
        int deliveredCount = 0;
        for (int round = 0; round < RESTART_COUNT; round++) {
            // Whatever the seed, the second sink's first batch begins with what is delivered and ends with what is new.
            final boolean spans = round == 1;
            final int from = random.nextInt(spans ? deliveredCount : deliveredCount + 1);
            // Something new is left for each sink to come.
            final int limit = all.size() - (RESTART_COUNT - 1 - round);
            final int newFrom = spans ? deliveredCount : from;
            final int to = limit == all.size() ? limit : newFrom + 1 + random.nextInt(limit - newFrom);
            try (Bus bus = newBus(); Sink sink = newSink(bus, epochs)) {
                if (spans) {
                    sink.deliver(batch(all.subList(from, to)));
                } else {
                    deliverInPieces(sink, all.subList(from, to), random);
                }
            }
            deliveredCount = Math.max(deliveredCount, to);
            // What is only applied again may show an earlier state until it has caught up.
            if (redelivery == Redelivery.DISCARDED || to == deliveredCount) {
                final List<Change> sent = all.subList(0, deliveredCount);
                await("each change once, headrace.seed=" + seed).untilAsserted(() ->
                    ArrivalCheck.assertShown(targetKind(), sent, false, arrivals()));
            }
        }
    }

    private void deliverInPieces(final Sink sink, final List<Change> changes, final Random random) throws Exception {
        int from = 0;
        while (from < changes.size()) {
            final int to = from + 1 + random.nextInt(changes.size() - from);
            sink.deliver(batch(changes.subList(from, to)));
            from = to;
        }
    }

    @Test
    void shouldReportATargetThatIsAwayAsRetriableAndRecoverByItself() throws Exception {
        need(Ability.OUTAGE);
        final List<Change> before = changes(CHANGE_COUNT, CHANGE_COUNT);
        final List<Change> during = changes(CHANGE_COUNT, CHANGE_COUNT);
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            sink.deliver(batch(before));
            stopOutside();
            final DeliveryException failure;
            try {
                failure = assertThrows(DeliveryException.class, () -> sink.deliver(batch(during)));
            } finally {
                startOutside();
            }
            assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.toString());
            awaitDeliveredCountIsHonest(during, failure);
            deliverUntilTaken(sink, during.subList(failure.deliveredCount(), during.size()));
            before.addAll(during);
            awaitShown(before, true);
        }
    }

    @Test
    void shouldNameThePoisonEventAndTakeTheRest() throws Exception {
        need(Ability.POISON);
        final List<Change> changes = changes(KEY_COUNT, KEY_COUNT);
        final EventBatch batch = EventFixtures.batch(changes.get(0).number(), changes.stream()
            .map(change -> change == changes.get(POISON_AT) ? poisonEvent(change) : event(change)).toList());
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            final DeliveryException failure = assertThrows(DeliveryException.class, () -> sink.deliver(batch));
            assertEquals(FailureClass.POISON, failure.failureClass(), failure.toString());
            assertEquals(POISON_AT, failure.poisonIndex(), "the index of the event that was poison");
            assertTrue(failure.deliveredCount() <= POISON_AT, "deliveredCount=" + failure.deliveredCount());
            awaitDeliveredCountIsHonest(changes, failure);
            batch.remove(POISON_AT);
            changes.remove(POISON_AT);
            batch.window(failure.deliveredCount(), batch.heldCount());
            sink.deliver(batch);
            awaitShown(changes, true);
        }
    }

    @Test
    void shouldDeliverEverythingAroundPoisonEvents() throws Exception {
        need(Ability.POISON);
        final List<Change> good = new ArrayList<>();
        final List<EncodedEvent> events = new ArrayList<>();
        for (final Change change : changes(CHANGE_COUNT, KEY_COUNT)) {
            final boolean isPoison = change.number() % KEY_COUNT == 1;
            events.add(isPoison ? poisonEvent(change) : event(change));
            if (!isPoison) {
                good.add(change);
            }
        }
        try (SinkRun run = newRun(1)) {
            // Alone in its batch, a poison event is named whatever a sink says.
            run.publishTogether(events);
            run.drain();
            assertEquals(CHANGE_COUNT - good.size(), run.subscription().status().poison());
            awaitShown(good, true);
        }
    }

    @Test
    void shouldReportWhatOnlyAPersonCanMendAsFatal() throws Exception {
        need(Ability.FATAL);
        try (Bus bus = newBus(); Sink sink = newSink(bus, fatalOptions())) {
            final EventBatch batch = batch(changes(1, 1));
            final DeliveryException failure = assertThrows(DeliveryException.class, () -> sink.deliver(batch));
            assertEquals(FailureClass.FATAL, failure.failureClass(), failure.toString());
            assertEquals(0, failure.deliveredCount());
        }
    }

    @Test
    void shouldHoldThePositionUntilTheTargetHasTakenTheEvents() throws Exception {
        need(Ability.OUTAGE);
        final List<Change> changes = changes(CHANGE_COUNT, KEY_COUNT);
        try (SinkRun run = newRun(1)) {
            stopOutside();
            final long firstSequence;
            try {
                firstSequence = run.publish(event(changes.get(0)));
                awaitRetry(run);
                assertTrue(run.subscription().position() < firstSequence,
                    "position=" + run.subscription().position() + " is past event " + firstSequence);
            } finally {
                startOutside();
            }
            long lastSequence = firstSequence;
            for (final Change change : changes.subList(1, changes.size())) {
                lastSequence = run.publish(event(change));
            }
            run.drain();
            assertTrue(run.subscription().position() >= lastSequence);
            awaitShown(changes, true);
        }
    }

    private void awaitRetry(final SinkRun run) {
        await("a retry").failFast("the flow has stopped", () -> run.subscription().stopped())
            .until(() -> run.subscription().status().retries() > 0);
    }

    @Test
    void shouldLoseNothingWhenTheTargetFailsAndRecovers() throws Exception {
        need(Ability.OUTAGE);
        final List<Change> changes = changes(3 * CHANGE_COUNT, KEY_COUNT);
        try (SinkRun run = newRun(1)) {
            for (int i = 0; i < changes.size(); i++) {
                if (i == CHANGE_COUNT) {
                    await("the first events").until(() -> run.subscription().status().delivered() > 0);
                    stopOutside();
                } else if (i == 2 * CHANGE_COUNT) {
                    awaitRetry(run);
                    startOutside();
                }
                run.publish(event(changes.get(i)));
            }
            run.drain();
            awaitShown(changes, true);
        }
    }

    @Test
    void shouldEndItsWaitingWhenInterrupted() throws Exception {
        need(Ability.HANG);
        final List<Change> changes = changes(1, 1);
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            final AtomicReference<Throwable> outcome = new AtomicReference<>();
            hangTarget();
            try {
                final Thread thread = new Thread(() -> {
                    try {
                        sink.deliver(batch(changes));
                    } catch (final DeliveryException | InterruptedException | RuntimeException ex) {
                        outcome.set(ex);
                    }
                }, "contract-delivery");
                thread.start();
                await("the delivery to wait").until(
                    new StandstillCondition(() -> Arrays.asList(thread.getStackTrace())));
                thread.interrupt();
                await("the interrupted delivery to end").until(() -> !thread.isAlive());
            } finally {
                resumeTarget();
            }
            final Throwable failure = outcome.get();
            assertTrue(failure instanceof InterruptedException
                || failure instanceof final DeliveryException ex && ex.failureClass() == FailureClass.RETRIABLE,
                "the interrupted delivery ended with " + failure);
            deliverUntilTaken(sink, changes);
            awaitShown(changes, true);
        }
    }

    @Test
    void shouldIdleHarmlessly() throws Exception {
        final List<Change> changes = changes(2 * CHANGE_COUNT, KEY_COUNT);
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            sink.idle();
            sink.deliver(batch(changes.subList(0, CHANGE_COUNT)));
            sink.idle();
            sink.idle();
            sink.deliver(batch(changes.subList(CHANGE_COUNT, changes.size())));
            sink.idle();
            awaitShown(changes, false);
        }
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        try (Bus bus = newBus()) {
            final ThreadWatch threads = watchThreads();
            final Sink sink = newSink(bus, options());
            sink.deliver(batch(changes(1, 1)));
            sink.close();
            sink.close();
            await("the sink's threads to end").untilAsserted(() ->
                assertEquals(List.of(), threads.leftThreads(), "threads of a closed sink"));
        }
    }

    @Test
    void shouldTakeOrRefuseEveryKindOfEventAndLiveOn() throws Exception {
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            for (final EncodedEvent event : eventsOfEveryKind()) {
                if (event.view().kind() != EventKind.TRANSACTION) {
                    deliverOrRefuse(sink, event, takeNumber());
                }
            }
            deliverOrRefuse(sink, EventFixtures.mark("erp", Mark.SNAPSHOT_END, 0, 1), takeNumber());
            final Change after = new Change("after", takeNumber());
            sink.deliver(batch(List.of(after)));
            await("the next event").untilAsserted(() -> assertTrue(arrivals().contains(after)));
        }
    }

    private static void deliverOrRefuse(final Sink sink, final EncodedEvent event, final long sequence)
        throws InterruptedException {
        try {
            sink.deliver(EventFixtures.batch(sequence, List.of(event)));
        } catch (final DeliveryException ex) {
            assertEquals(FailureClass.POISON, ex.failureClass(), event + ": " + ex);
            assertEquals(0, ex.poisonIndex());
        } catch (final RuntimeException ex) {
            fail(event + " was neither taken nor refused", ex);
        }
    }

    @Test
    void shouldDeliverInLanesSideBySide() throws Exception {
        final SinkCapabilities capabilities = provider().capabilities(options());
        Assumptions.assumeTrue(capabilities.maxLanes() > 1, "maxLanes=1");
        need(Ability.LANES);
        final List<Change> changes = changes(CHANGE_COUNT * KEY_COUNT, 4 * KEY_COUNT);
        try (SinkRun run = newRun(2)) {
            for (final Change change : changes) {
                run.publish(event(change));
            }
            run.drain();
            awaitShown(changes, false);
        }
    }

    @Test
    void shouldShowNothingOfATransactionBeforeItsCommit() throws Exception {
        needTransactions();
        final long beginSequence = takeNumber();
        final List<Change> changes = changes(CHANGE_COUNT, CHANGE_COUNT);
        final List<EncodedEvent> events =
            EventFixtures.transaction(beginSequence, changes.stream().map(this::event).toList());
        final EventBatch firstPart = EventFixtures.batch(beginSequence, events.subList(0, CHANGE_COUNT / 2));
        firstPart.endsInTransaction(true);
        final EventBatch lastPart = EventFixtures.batch(
            beginSequence + CHANGE_COUNT / 2, events.subList(CHANGE_COUNT / 2, events.size()));
        try (Bus bus = newBus(); Sink sink = newSink(bus, options())) {
            sink.deliver(firstPart);
            assertEquals(List.of(), arrivals(), "shown before the commit");
            sink.deliver(lastPart);
            awaitShown(changes, false);
        }
    }

    @Test
    void shouldForgetATransactionThatWasNotCommitted() throws Exception {
        needTransactions();
        final long beginSequence = takeNumber();
        final List<Change> changes = changes(CHANGE_COUNT, CHANGE_COUNT);
        final List<EncodedEvent> events =
            EventFixtures.transaction(beginSequence, changes.stream().map(this::event).toList());
        final EventBatch firstPart = EventFixtures.batch(beginSequence, events.subList(0, CHANGE_COUNT / 2));
        firstPart.endsInTransaction(true);
        try (Bus bus = newBus()) {
            try (Sink sink = newSink(bus, options())) {
                sink.deliver(firstPart);
            }
            assertEquals(List.of(), arrivals(), "shown without a commit");
            try (Sink sink = newSink(bus, options())) {
                sink.deliver(EventFixtures.batch(beginSequence, events));
                awaitShown(changes, false);
            }
        }
    }

    /** The first parts do not come again before a restart: a sink that has lost them must stop the flow. */
    @Test
    void shouldCommitNoRestOfATransactionWhoseFirstPartWasLost() throws Exception {
        needTransactions();
        need(Ability.OUTAGE);
        final long beginSequence = takeNumber();
        final List<Change> changes = changes(CHANGE_COUNT, CHANGE_COUNT);
        final List<EncodedEvent> events =
            EventFixtures.transaction(beginSequence, changes.stream().map(this::event).toList());
        final EventBatch firstPart = EventFixtures.batch(beginSequence, events.subList(0, CHANGE_COUNT / 2));
        firstPart.endsInTransaction(true);
        final EventBatch lastPart = EventFixtures.batch(
            beginSequence + CHANGE_COUNT / 2, events.subList(CHANGE_COUNT / 2, events.size()));
        try (Bus bus = newBus()) {
            final boolean taken;
            try (Sink sink = newSink(bus, options())) {
                sink.deliver(firstPart);
                stopOutside();
                try {
                    assertThrows(DeliveryException.class, () -> sink.deliver(lastPart));
                } finally {
                    startOutside();
                }
                taken = deliverUntilTakenOrFatal(sink, lastPart);
            }
            await("all of the transaction, or nothing").untilAsserted(() ->
                ArrivalCheck.assertShown(targetKind(), taken ? changes : List.of(), true, arrivals()));
        }
    }

    private boolean deliverUntilTakenOrFatal(final Sink sink, final EventBatch batch) {
        final AtomicReference<Boolean> taken = new AtomicReference<>();
        await("the rest of the transaction to be taken, or the flow to stop").until(() -> {
            try {
                sink.deliver(batch);
                taken.set(true);
            } catch (final DeliveryException ex) {
                assertEquals(0, ex.deliveredCount(), "finished events of a transaction that is not: " + ex);
                if (ex.failureClass() == FailureClass.FATAL) {
                    taken.set(false);
                }
            }
            return taken.get() != null;
        });
        return taken.get();
    }

    private void needTransactions() {
        Assumptions.assumeTrue(provider().capabilities(options()).wholeTransactions(), "wholeTransactions=false");
        need(Ability.WHOLE_TRANSACTIONS);
    }
}
