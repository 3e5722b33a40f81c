package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.log.EpochHistory;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What the author of a sink tells the contract, and what its clauses have in common. Runs on the thread of JUnit;
 * extend {@link SinkContract}.
 *
 * @param <O> the options record.
 */
public abstract class SinkHooks<O extends Record> extends AdapterContract<O, SinkProvider<O>> {
    private static final String SINK_NAME = "contract";

    /** Also the sequences of what is delivered without a bus: they must grow there as on a bus. */
    private long nextNumber = 1;

    SinkHooks() {
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

    final List<Change> changes(final int count, final int keyCount) {
        final List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            changes.add(new Change("key-" + i % keyCount, nextNumber++));
        }
        return changes;
    }

    final EventBatch batch(final List<Change> changes) {
        return EventFixtures.batch(changes.get(0).number(), changes.stream().map(this::event).toList());
    }

    final Bus newBus() {
        return new Bus(new BusContext().ring(1024, 256));
    }

    final Sink newSink(final Bus bus, final O options) {
        return provider().createSink(options, TestContexts.sink(bus, SINK_NAME, new HealthLog()));
    }

    final Sink newSink(final Bus bus, final EpochHistory epochs) {
        return provider().createSink(options(), TestContexts.sink(bus, SINK_NAME, new HealthLog(), epochs));
    }

    final SinkRun newRun(final int lanes) {
        return new SinkRun(newBus(), provider(), options(), lanes, patience());
    }

    final void awaitShown(final List<Change> sent, final boolean repeated) {
        await("what was delivered to show in the target").untilAsserted(() ->
            ArrivalCheck.assertShown(targetKind(), sent, repeated, arrivals()));
    }

    /** As a lane does: tries again, behind what is finished. */
    final void deliverUntilTaken(final Sink sink, final List<Change> changes) {
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

    final void awaitDeliveredCountIsHonest(final List<Change> sent, final DeliveryException failure) {
        assertTrue(failure.deliveredCount() >= 0 && failure.deliveredCount() <= sent.size(),
            "deliveredCount=" + failure.deliveredCount());
        final List<Change> delivered = sent.subList(0, failure.deliveredCount());
        await("what counts as delivered to show in the target").untilAsserted(() ->
            assertTrue(arrivals().containsAll(delivered), "deliveredCount=" + delivered.size() + " but it shows "
                + arrivals()));
    }

    final long takeNumber() {
        return nextNumber++;
    }
}
