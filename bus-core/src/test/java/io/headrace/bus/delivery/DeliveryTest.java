package io.headrace.bus.delivery;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import static io.headrace.bus.delivery.ScriptedSink.fatal;
import static io.headrace.bus.delivery.ScriptedSink.poison;
import static io.headrace.bus.delivery.ScriptedSink.retriable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeliveryTest {
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final DeliveryCounters counters = DeliveryCounters.of(new Counters(), "test");
    private final HealthIndicator health = new HealthIndicator("test");
    private final EventBatch batch = new EventBatch(10, 1 << 16);

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private void fill(final int eventCount) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        for (int sequence = 0; sequence < eventCount; sequence++) {
            final int length = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
                .topic("erp.public.item".getBytes()).source("erp".getBytes()).length();
            EventStamp.stamp(buffer, 0, sequence, 0);
            assertTrue(batch.append(buffer, 0, length, 0));
        }
    }

    private static RetryOptions retries(final Optional<Integer> maxRetries, final Optional<Duration> maxDuration) {
        return new RetryOptions(PAUSE, PAUSE, 0, maxRetries, maxDuration);
    }

    private Delivery delivery(final ScriptedSink sink, final OnPoison onPoison) {
        return new Delivery("plan", sink, retries(Optional.empty(), Optional.empty()), onPoison, health, counters);
    }

    private List<Long> heldSequences() {
        batch.window(0, batch.heldCount());
        final List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            sequences.add(batch.event(i).sequence());
        }
        return sequences;
    }

    @Test
    void shouldDeliverAtOnceWhenAllIsWell() throws Exception {
        fill(3);
        final ScriptedSink sink = new ScriptedSink();
        delivery(sink, OnPoison.STOP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L, 2L)), sink.shown());
        assertEquals(3, counters.deliveredEvents().get());
        assertEquals(1, counters.batches().get());
        assertEquals(0, counters.retries().get());
        assertEquals(Health.State.UP, health.state());
    }

    @Test
    void shouldRetryUntilTheTargetIsBack() throws Exception {
        fill(2);
        final List<Health.State> seen = new ArrayList<>();
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), attempt -> {
            seen.add(health.state());
            throw new InterruptedException("never reached twice");
        });
        assertThrows(InterruptedException.class, () -> delivery(sink, OnPoison.STOP).deliver(batch));
        assertEquals(List.of(Health.State.DOWN), seen);
        assertEquals("It is away. (attempt 2)", health.reason());
        delivery(sink, OnPoison.STOP).deliver(batch);
        assertEquals(Collections.nCopies(4, List.of(0L, 1L)), sink.shown());
        assertEquals(2, counters.retries().get());
        assertEquals(2, counters.deliveredEvents().get());
        assertEquals(Health.State.UP, health.state());
    }

    @Test
    void shouldNotGiveAgainWhatCountsAsDelivered() throws Exception {
        fill(5);
        final ScriptedSink sink = new ScriptedSink(retriable(2), retriable(1), retriable(0));
        delivery(sink, OnPoison.STOP).deliver(batch);
        assertEquals(
            List.of(List.of(0L, 1L, 2L, 3L, 4L), List.of(2L, 3L, 4L), List.of(3L, 4L), List.of(3L, 4L)), sink.shown());
        assertEquals(5, counters.deliveredEvents().get());
        assertEquals(3, counters.retries().get());
    }

    @Test
    void shouldNeverShowAnEmptyBatch() throws Exception {
        fill(2);
        final ScriptedSink sink = new ScriptedSink(retriable(2));
        delivery(sink, OnPoison.STOP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L)), sink.shown());
        assertEquals(2, counters.deliveredEvents().get());
    }

    @Test
    void shouldNotBelieveACountOutsideOfTheBatch() throws Exception {
        fill(2);
        final ScriptedSink sink = new ScriptedSink(retriable(-5), retriable(7));
        delivery(sink, OnPoison.STOP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L), List.of(0L, 1L)), sink.shown());
    }

    @Test
    void shouldStopWhenTheRetriesAreUsedUp() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), retriable(0), retriable(0));
        final Delivery delivery = new Delivery(
            "plan", sink, retries(Optional.of(2), Optional.empty()), OnPoison.SKIP, health, counters);
        final FlowStoppedException stopped =
            assertThrows(FlowStoppedException.class, () -> delivery.deliver(batch));
        assertEquals("Flow plan stopped: the retries are used up: It is away.", stopped.getMessage());
        assertEquals(3, sink.shown().size());
        assertEquals(2, counters.retries().get());
        assertEquals(0, counters.deliveredEvents().get());
        assertEquals(Health.State.FAILED, health.state());
        assertEquals(stopped.getMessage(), health.reason());
    }

    @Test
    void shouldStopWhenTheTimeForRetriesIsUsedUp() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(Collections.nCopies(1000, retriable(0))
            .toArray(ScriptedSink.Step[]::new));
        final Delivery delivery = new Delivery("plan", sink,
            retries(Optional.empty(), Optional.of(Duration.ofMillis(20))), OnPoison.SKIP, health, counters);
        assertThrows(FlowStoppedException.class, () -> delivery.deliver(batch));
        assertTrue(sink.shown().size() < 1000);
    }

    @Test
    void shouldLeaveOutAPoisonEventAndDeliverTheRest() throws Exception {
        fill(5);
        final ScriptedSink sink = new ScriptedSink(poison(1, 2));
        delivery(sink, OnPoison.SKIP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L, 2L, 3L, 4L), List.of(1L, 3L, 4L)), sink.shown());
        assertEquals(List.of(0L, 1L, 3L, 4L), heldSequences());
        assertEquals(1, counters.poisonEvents().get());
        assertEquals(4, counters.deliveredEvents().get());
        assertEquals(Health.State.UP, health.state());
    }

    @Test
    void shouldCountAPoisonIndexFromWhatWasShown() throws Exception {
        fill(5);
        final ScriptedSink sink = new ScriptedSink(retriable(2), poison(0, 1), poison(1, 1));
        delivery(sink, OnPoison.SKIP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L, 2L, 3L, 4L), List.of(2L, 3L, 4L), List.of(2L, 4L)), sink.shown());
        assertEquals(List.of(0L, 1L, 2L), heldSequences());
        assertEquals(2, counters.poisonEvents().get());
    }

    @Test
    void shouldFinishABatchOfNothingButPoison() throws Exception {
        fill(2);
        final ScriptedSink sink = new ScriptedSink(poison(0, 0), poison(0, 0));
        delivery(sink, OnPoison.SKIP).deliver(batch);
        assertEquals(List.of(List.of(0L, 1L), List.of(1L)), sink.shown());
        assertEquals(List.of(), heldSequences());
        assertEquals(0, counters.deliveredEvents().get());
    }

    @Test
    void shouldStopAtAPoisonEventAndNameIt() {
        fill(3);
        final ScriptedSink sink = new ScriptedSink(poison(0, 1));
        final FlowStoppedException stopped = assertThrows(
            FlowStoppedException.class, () -> delivery(sink, OnPoison.STOP).deliver(batch));
        assertTrue(stopped.getMessage().contains("event 1 of topic erp.public.item from erp"), stopped.getMessage());
        assertTrue(stopped.getMessage().contains("on-poison: skip"), stopped.getMessage());
        assertEquals(List.of(0L, 1L, 2L), heldSequences());
        assertEquals(0, counters.poisonEvents().get());
        assertEquals(Health.State.FAILED, health.state());
    }

    @Test
    void shouldStopWhenASinkNamesAPoisonEventThatItWasNotShown() {
        fill(3);
        final ScriptedSink sink = new ScriptedSink(poison(0, 3));
        final FlowStoppedException stopped = assertThrows(
            FlowStoppedException.class, () -> delivery(sink, OnPoison.SKIP).deliver(batch));
        assertTrue(stopped.getMessage().contains("poison event 3 of a batch of 3"), stopped.getMessage());
        assertEquals(List.of(0L, 1L, 2L), heldSequences());
    }

    @Test
    void shouldStopAtOnceAtAFatalFailure() {
        fill(2);
        final ScriptedSink sink = new ScriptedSink(fatal(1));
        final FlowStoppedException stopped = assertThrows(
            FlowStoppedException.class, () -> delivery(sink, OnPoison.SKIP).deliver(batch));
        assertEquals("Flow plan stopped: There is no table.", stopped.getMessage());
        assertEquals(1, sink.shown().size());
        assertEquals(0, counters.retries().get());
        assertEquals(Health.State.FAILED, health.state());
    }

    @Test
    void shouldStopWhenASinkThrowsWhatItMustNot() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(attempt -> {
            throw new IllegalArgumentException("column=7");
        });
        final FlowStoppedException stopped = assertThrows(
            FlowStoppedException.class, () -> delivery(sink, OnPoison.SKIP).deliver(batch));
        assertTrue(stopped.getMessage().contains("column=7"), stopped.getMessage());
        assertTrue(stopped.getMessage().contains("a fault in the adapter"), stopped.getMessage());
        assertEquals(Health.State.FAILED, health.state());
    }

    @Test
    void shouldStopWhenAClassOfTheAdapterIsMissing() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(attempt -> {
            throw new NoClassDefFoundError("org/example/Driver");
        });
        final FlowStoppedException stopped = assertThrows(
            FlowStoppedException.class, () -> delivery(sink, OnPoison.SKIP).deliver(batch));
        assertTrue(stopped.getMessage().contains("org/example/Driver"), stopped.getMessage());
        assertEquals(Health.State.FAILED, health.state());
    }

    @Test
    void shouldEndThePauseBeforeARetryWhenInterrupted() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(attempt -> {
            Thread.currentThread().interrupt();
            retriable(0).run(attempt);
        });
        final Delivery delivery = new Delivery("plan", sink,
            new RetryOptions(Duration.ofHours(1), Duration.ofHours(1), 0, Optional.empty(), Optional.empty()),
            OnPoison.SKIP, health, counters);
        assertThrows(InterruptedException.class, () -> delivery.deliver(batch));
        assertEquals(1, sink.shown().size());
        assertEquals(0, counters.deliveredEvents().get());
    }

    @Test
    void shouldPassOnThatASinkWasInterrupted() {
        fill(1);
        final ScriptedSink sink = new ScriptedSink(attempt -> {
            throw new InterruptedException();
        });
        assertThrows(InterruptedException.class, () -> delivery(sink, OnPoison.SKIP).deliver(batch));
        assertEquals(0, counters.deliveredEvents().get());
    }
}
