package io.headrace.bus.delivery;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import static io.headrace.bus.delivery.ScriptedSink.poison;
import static io.headrace.bus.delivery.ScriptedSink.retriable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FlowBreakerTest {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration FOREVER = Duration.ofHours(1);

    private final DeliveryCounters counters = DeliveryCounters.of(new Counters(), "test");
    private final HealthIndicator health = new HealthIndicator("test");

    private Delivery delivery(final ScriptedSink sink, final FlowBreaker breaker, final Optional<Integer> maxRetries) {
        return new Delivery(new DeliveryContext()
            .flowName("plan").sink(sink).monitor(health, counters).breaker(breaker)
            .failures(new RetryOptions(PAUSE, PAUSE, 0, maxRetries, Optional.empty()), OnPoison.SKIP));
    }

    private static FlowBreaker breaker(final int failures, final Duration delay) {
        return new FlowBreaker("plan", Optional.of(new CircuitBreakerOptions(failures, delay)));
    }

    private static EventBatch batch() {
        final EventBatch batch = new EventBatch(1, 1 << 16);
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT).length();
        EventStamp.stamp(buffer, 0, 1, 0);
        assertTrue(batch.append(buffer, 0, length, 0));
        return batch;
    }

    @Test
    void shouldPauseAfterFailuresInARowAndGoOnAfterATrial() throws Exception {
        final FlowBreaker breaker = breaker(2, PAUSE);
        final List<BreakerState> states = new ArrayList<>();
        final List<String> reasons = new ArrayList<>();
        final ScriptedSink.Step look = batch -> {
            states.add(breaker.state());
            reasons.add(health.reason());
        };
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), batch -> {
            look.run(batch);
            retriable(0).run(batch);
        }, look);
        final Delivery delivery = delivery(sink, breaker, Optional.empty());
        delivery.deliver(batch());
        assertEquals(List.of(BreakerState.HALF_OPEN, BreakerState.HALF_OPEN), states);
        assertEquals(BreakerState.CLOSED, delivery.breakerState());
        assertEquals(4, sink.shown().size());
        assertEquals(Health.State.UP, health.state());
    }

    @Test
    void shouldSayUntilWhenItPausesAndEndThePauseWhenInterrupted() throws Exception {
        final FlowBreaker breaker = breaker(2, FOREVER);
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), retriable(0));
        final Delivery delivery = delivery(sink, breaker, Optional.empty());
        final List<Throwable> ends = new ArrayList<>();
        final Thread lane = new Thread(() ->
            ends.add(assertThrows(InterruptedException.class, () -> delivery.deliver(batch()))));
        lane.start();
        while (!health.reason().startsWith("circuit open until ")) {
            Thread.onSpinWait();
        }
        assertEquals(Health.State.DOWN, health.state());
        assertEquals(BreakerState.OPEN, delivery.breakerState());
        lane.interrupt();
        lane.join();
        assertEquals(1, ends.size());
        assertEquals(2, sink.shown().size());
    }

    @Test
    void shouldNotCountPausesAsRetries() {
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), retriable(0), retriable(0));
        final FlowStoppedException stopped = assertThrows(FlowStoppedException.class,
            () -> delivery(sink, breaker(1, PAUSE), Optional.of(3)).deliver(batch()));
        assertTrue(stopped.getMessage().contains("the retries are used up"), stopped.getMessage());
        assertEquals(4, sink.shown().size(), "one attempt and three retries, whatever the pauses between them");
    }

    @Test
    void shouldCountOnlyFailuresInARow() throws Exception {
        final FlowBreaker breaker = breaker(2, FOREVER);
        final ScriptedSink sink = new ScriptedSink(
            retriable(0), batch -> { }, retriable(0), poison(0, 0), retriable(0), batch -> { });
        final Delivery delivery = delivery(sink, breaker, Optional.empty());
        delivery.deliver(batch());
        delivery.deliver(batch());
        delivery.deliver(batch());
        assertEquals(BreakerState.CLOSED, delivery.breakerState());
        assertEquals(6, sink.shown().size());
    }

    @Test
    void shouldBeSharedByTheLanesOfAFlow() throws Exception {
        final FlowBreaker breaker = breaker(1, PAUSE);
        final CountDownLatch trial = new CountDownLatch(1);
        final CountDownLatch waiting = new CountDownLatch(1);
        final ScriptedSink first = new ScriptedSink(retriable(0), batch -> {
            trial.countDown();
            waiting.await();
        });
        final Thread lane = new Thread(() -> {
            try {
                delivery(first, breaker, Optional.empty()).deliver(batch());
            } catch (final FlowStoppedException | InterruptedException ex) {
                throw new AssertionError(ex);
            }
        });
        lane.start();
        trial.await();
        final ScriptedSink second = new ScriptedSink();
        final Thread other = new Thread(() -> {
            try {
                delivery(second, breaker, Optional.empty()).deliver(batch());
            } catch (final FlowStoppedException | InterruptedException ex) {
                throw new AssertionError(ex);
            }
        });
        other.start();
        while (!health.reason().startsWith("circuit half-open")) {
            Thread.onSpinWait();
        }
        assertEquals(0, second.shown().size(), "only one lane makes the trial");
        waiting.countDown();
        other.join();
        lane.join();
        assertEquals(1, second.shown().size());
        assertEquals(BreakerState.CLOSED, breaker.state());
    }

    @Test
    void shouldBeOffUnlessConfigured() throws Exception {
        final ScriptedSink sink = new ScriptedSink(retriable(0), retriable(0), retriable(0));
        final Delivery delivery = delivery(sink, new FlowBreaker("plan", Optional.empty()), Optional.empty());
        delivery.deliver(batch());
        assertEquals(BreakerState.OFF, delivery.breakerState());
        assertEquals(4, sink.shown().size());
    }
}
