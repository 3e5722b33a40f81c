package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
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
public abstract class SinkContract<O extends Record> extends AdapterContract<O, SinkProvider<O>> {
    private static final int CHANGE_COUNT = 20;
    private static final int KEY_COUNT = 5;
    private static final int POISON_AT = 2;
    private static final String SINK_NAME = "contract";

    /** Also the sequences of what is delivered without a bus: they must grow there as on a bus. */
    private long nextNumber = 1;

    /** For the suites of adapters. */
    protected SinkContract() {
    }

    /**
     * The event that carries a change.
     *
     * @param change its key and number.
     * @return {@link EventFixtures#numberedRow} of it, unless overridden.
     */
    protected EncodedEvent event(final Change change) {
        return EventFixtures.numberedRow(change.key(), change.number());
    }

    /**
     * Reads the target.
     *
     * @return the changes that it shows, per key in the order in which it took them; whatever else it shows is left
     * out.
     * @throws Exception when the target cannot be read; the test fails then.
     */
    protected abstract List<Change> arrivals() throws Exception;

    /**
     * What the target shows of what it was given.
     *
     * @return its kind.
     */
    protected abstract TargetKind targetKind();

    /**
     * Makes the target accept work and never end it, so that a delivery waits.
     *
     * @throws Exception when that fails; the test fails then.
     */
    protected void hangTarget() throws Exception {
        throw missing(Ability.HANG, "hangTarget");
    }

    /**
     * Makes the target work again.
     *
     * @throws Exception when that fails; the test fails then.
     */
    protected void resumeTarget() throws Exception {
        throw missing(Ability.HANG, "resumeTarget");
    }

    /**
     * An event that the target never takes, while it takes others.
     *
     * @param change whose number the target must never show.
     * @return the event.
     */
    protected EncodedEvent poisonEvent(final Change change) {
        throw missing(Ability.POISON, "poisonEvent");
    }

    /**
     * Options under which nothing can be delivered until a person acts, as with a wrong password.
     *
     * @return the options.
     */
    protected O fatalOptions() {
        throw missing(Ability.FATAL, "fatalOptions");
    }

    /**
     * Events that the sink must take, or refuse as poison, and live on.
     *
     * @return {@link EventFixtures#eventsOfEveryKind()} unless overridden.
     */
    protected List<EncodedEvent> eventsOfEveryKind() {
        return EventFixtures.eventsOfEveryKind();
    }

    @Override
    final Class<?> providerType() {
        return SinkProvider.class;
    }

    private List<Change> changes(final int count, final int keyCount) {
        final List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(new Change("key-" + i % keyCount, nextNumber++));
        }
        return changes;
    }

    private EventBatch batch(final List<Change> changes) {
        return EventFixtures.batch(changes.get(0).number(), changes.stream().map(this::event).toList());
    }

    private Bus newBus() {
        return new Bus(new BusContext().ring(1024, 256));
    }

    private Sink newSink(final Bus bus, final O options) {
        return provider().createSink(options, TestContexts.sink(bus, SINK_NAME, new HealthLog()));
    }

    private SinkRun newRun(final int lanes) {
        return new SinkRun(newBus(), provider(), options(), lanes, patience());
    }

    private void awaitShown(final List<Change> sent, final boolean repeated) {
        await("what was delivered to show in the target").untilAsserted(() ->
            ArrivalCheck.assertShown(targetKind(), sent, repeated, arrivals()));
    }

    /** As a lane does: tries again, behind what is finished. */
    private void deliverUntilTaken(final Sink sink, final List<Change> changes) {
        final List<Change> left = new ArrayList<>(changes);
        await("the target to take what it refused").until(() -> {
            try {
                sink.deliver(batch(left));
                return true;
            } catch (final DeliveryException ex) {
                assertEquals(FailureClass.RETRIABLE, ex.failureClass(), ex.toString());
                left.subList(0, ex.deliveredCount()).clear();
                return false;
            }
        });
    }

    private void awaitDeliveredCountIsHonest(final List<Change> sent, final DeliveryException failure) {
        assertTrue(failure.deliveredCount() >= 0 && failure.deliveredCount() <= sent.size(),
            "deliveredCount=" + failure.deliveredCount());
        final List<Change> delivered = sent.subList(0, failure.deliveredCount());
        await("what counts as delivered to show in the target").untilAsserted(() ->
            assertTrue(arrivals().containsAll(delivered), "deliveredCount=" + delivered.size() + " but it shows "
                + arrivals()));
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
        try (SinkRun run = newRun(1)) {
            for (final Change change : changes(CHANGE_COUNT, KEY_COUNT)) {
                final boolean isPoison = change.number() % KEY_COUNT == 1;
                run.publish(isPoison ? poisonEvent(change) : event(change));
                if (!isPoison) {
                    good.add(change);
                }
            }
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
                await("the delivery to wait").until(new StandstillCondition(thread));
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
                    deliverOrRefuse(sink, event, nextNumber++);
                }
            }
            final Change after = new Change("after", nextNumber++);
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
        final long beginSequence = nextNumber++;
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
        final long beginSequence = nextNumber++;
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

    private void needTransactions() {
        Assumptions.assumeTrue(provider().capabilities(options()).wholeTransactions(), "wholeTransactions=false");
        need(Ability.WHOLE_TRANSACTIONS);
    }
}
