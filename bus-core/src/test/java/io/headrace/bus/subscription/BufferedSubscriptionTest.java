package io.headrace.bus.subscription;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.publish.Publisher;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BufferedSubscriptionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RetryOptions RETRY = new RetryOptions(
        Duration.ofMillis(1), Duration.ofMillis(1), 0, Optional.empty(), Optional.empty());
    private static final int SLOTS = 64;

    private final Bus bus = new Bus(new BusContext().ring(SLOTS, 256));
    private final NumberedPublisher publisher = new NumberedPublisher(bus, "test");
    private final GatedSink sink = new GatedSink();

    @AfterEach
    void close() {
        bus.close();
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(2));
    }

    private static SubscriptionContext context(final String name) {
        return new SubscriptionContext().name(name).topics(TopicSelector.of("*")).failures(RETRY, OnPoison.STOP);
    }

    private static List<Long> range(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private long counter(final String name) {
        return bus.counters().counter(name).get();
    }

    @Test
    void shouldHoldPublishersBackAndLoseNothing() {
        sink.holdAfter(1);
        final Subscription subscription = bus.subscribe(context("slow").batch(1, 64), lane -> sink);
        long number = 0;
        while (publisher.offer(number) != Publisher.BACK_PRESSURED || !sink.blocked()) {
            number = bus.claimedSequence() + 1;
        }
        assertTrue(number >= SLOTS, "accepted=" + number);
        assertTrue(counter("publisher.test.back-pressured") > 0);
        assertTrue(subscription.position() <= 0, "position=" + subscription.position());
        assertEquals(subscription.position(), bus.finishedSequence());
        sink.release();
        publisher.publish(number);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(range(0, number + 1), sink.numbers());
        assertEquals(0, subscription.status().dropped());
        assertEquals(number, subscription.position());
    }

    @Test
    void shouldMoveThePositionOnlyAfterDelivery() {
        sink.holdAfter(0);
        final Subscription subscription = bus.subscribe(context("held"), lane -> sink);
        final long sequence = publisher.publish(0);
        await("the sink to be blocked").until(sink::blocked);
        assertTrue(subscription.position() < sequence);
        assertTrue(bus.finishedSequence() < sequence);
        assertFalse(bus.drain(Duration.ofMillis(1)));
        sink.release();
        assertTrue(bus.drain(PATIENCE));
        assertEquals(sequence, subscription.position());
        assertEquals(sequence, bus.finishedSequence());
    }

    @Test
    void shouldMoveThePositionPastWhatItDoesNotSelect() {
        final Subscription subscription =
            bus.subscribe(context("few").topics(TopicSelector.of("other")), lane -> sink);
        long sequence = -1;
        for (int i = 0; i < 5 * SLOTS; i++) {
            sequence = publisher.publish(i);
        }
        assertTrue(bus.drain(PATIENCE));
        assertEquals(sequence, subscription.position());
        assertEquals(List.of(), sink.received());
    }

    @Test
    void shouldTryAgainInOrderWithoutLoss() {
        sink.failRetriably(5);
        final Subscription subscription = bus.subscribe(context("flaky"), lane -> sink);
        for (int i = 0; i < 3 * SLOTS; i++) {
            publisher.publish(i);
        }
        assertTrue(bus.drain(PATIENCE));
        assertEquals(range(0, 3 * SLOTS), sink.numbers());
        assertEquals(5, subscription.status().retries());
        assertEquals(Health.State.UP, subscription.status().health());
    }

    @Test
    void shouldKeepTheOrderOfEachKeyInLanes() {
        final List<GatedSink> sinks = new ArrayList<>();
        bus.subscribe(context("lanes").lanes(3), lane -> {
            sinks.add(new GatedSink());
            return sinks.get(lane);
        });
        final Map<String, List<Long>> expected = new HashMap<>();
        for (int i = 0; i < 20 * SLOTS; i++) {
            final String key = "key-" + i % 17;
            publisher.publish("t.a", key, i);
            expected.computeIfAbsent(key, k -> new ArrayList<>()).add((long)i);
        }
        assertTrue(bus.drain(PATIENCE));
        final Map<String, List<Long>> received = new HashMap<>();
        for (final GatedSink each : sinks) {
            assertFalse(each.received().isEmpty(), "a lane without a key");
            final Map<String, List<Long>> ofLane = new HashMap<>();
            each.received().forEach(event ->
                ofLane.computeIfAbsent(event.key(), k -> new ArrayList<>()).add(event.number()));
            ofLane.forEach((key, numbers) ->
                assertEquals(null, received.put(key, numbers), key + " came to two lanes"));
        }
        assertEquals(expected, received);
    }

    @Test
    void shouldCountTheSlowestLaneAsThePosition() {
        final List<GatedSink> sinks = List.of(new GatedSink().holdAfter(0), new GatedSink());
        final Subscription subscription = bus.subscribe(context("lanes").lanes(2), sinks::get);
        long sequence = -1;
        for (int i = 0; i < SLOTS / 4; i++) {
            sequence = publisher.publish("t.a", "key-" + i, i);
        }
        await("the second lane to have its events").until(() -> !sinks.get(1).received().isEmpty());
        await("the first lane to be blocked").until(sinks.get(0)::blocked);
        assertTrue(subscription.position() < sequence);
        sinks.get(0).release();
        assertTrue(bus.drain(PATIENCE));
        assertEquals(sequence, subscription.position());
    }

    @Test
    void shouldLeaveTheRingWhenTheFlowStopsAndKeepItsPosition() {
        final GatedSink other = new GatedSink();
        bus.subscribe(context("other"), lane -> other);
        publisher.publish(0);
        assertTrue(bus.drain(PATIENCE));
        final Subscription stopping = bus.subscribe(context("stopping"), lane -> sink);
        final long finishedBefore = bus.finishedSequence();
        sink.failForGood();
        for (int i = 1; i <= 10 * SLOTS; i++) {
            publisher.publish(i);
        }
        assertTrue(bus.drain(PATIENCE), "a stopped flow keeps nobody waiting");
        assertTrue(stopping.stopped());
        assertEquals("stopped", stopping.status().state());
        assertEquals(Health.State.FAILED, stopping.status().health());
        assertTrue(stopping.status().reason().contains("The table is gone."), stopping.status().reason());
        assertEquals(range(0, 10 * SLOTS + 1), other.numbers());
        assertEquals(finishedBefore, bus.finishedSequence(), "sources keep what the stopped flow has not finished");
        bus.unsubscribe(stopping);
        assertEquals(bus.claimedSequence(), bus.finishedSequence(), "an ended flow needs nothing any more");
    }

    @Test
    void shouldKeepShowingTheFailureOfOneLaneWhileTheOtherGoesOn() {
        final List<GatedSink> sinks = List.of(new GatedSink(), new GatedSink());
        sinks.get(0).failForGood();
        final Subscription subscription = bus.subscribe(context("lanes").lanes(2), sinks::get);
        for (int i = 0; i < 10 * SLOTS; i++) {
            publisher.publish("t.a", "key-" + i % 16, i);
        }
        assertTrue(bus.drain(PATIENCE), "the lane that failed is not waited for");
        assertTrue(sinks.get(1).received().size() > SLOTS, "the other lane was drained");
        assertEquals(Health.State.FAILED, subscription.status().health());
        assertTrue(subscription.status().reason().contains("The table is gone."));
        assertTrue(subscription.position() < bus.claimedSequence());
    }

    @Test
    void shouldStopTheFlowAndNotTheBusOnAnErrorOfTheMachine() {
        final Subscription subscription = bus.subscribe(context("broken"), lane -> new Sink() {
            @Override
            public void deliver(final EventBatch batch) {
                throw new StackOverflowError("too deep");
            }

            @Override
            public void close() {
                sink.close();
            }
        });
        for (int i = 0; i < 10 * SLOTS; i++) {
            publisher.publish(i);
        }
        assertTrue(subscription.stopped());
        assertEquals(Health.State.FAILED, subscription.status().health());
        bus.unsubscribe(subscription);
        assertTrue(sink.closed(), "its sink is closed all the same");
    }

    @Test
    void shouldLeaveNoGateBehindWhenASinkCannotBeMade() {
        assertThrows(IllegalArgumentException.class, () -> bus.subscribe(context("half").lanes(2), lane -> {
            if (lane == 1) {
                throw new IllegalArgumentException("lane=1");
            }
            return sink;
        }));
        assertTrue(sink.closed());
        for (int i = 0; i < 10 * SLOTS; i++) {
            assertTrue(publisher.publish(i) >= 0);
        }
    }

    @Test
    void shouldStopWhenItIsClosedInItsSinkAndNotCountTheBatch() {
        sink.holdAfter(0);
        final Subscription subscription = bus.subscribe(context("closing"), lane -> sink);
        final long sequence = publisher.publish(0);
        await("the sink to be blocked").until(sink::blocked);
        bus.close();
        assertTrue(sink.closed());
        assertEquals(List.of(), sink.received());
        assertTrue(subscription.position() < sequence);
    }

    @Test
    void shouldCallAnIdleSink() {
        bus.subscribe(context("idle"), lane -> sink);
        await("calls of idle").until(() -> sink.idleCalls() > 1);
    }

    @Test
    void shouldLoseNothingForOthersWhileSubscriptionsComeAndGo() throws Exception {
        final int count = 20_000;
        bus.subscribe(context("steady"), lane -> sink);
        final AtomicLong steadyDirect = new AtomicLong();
        final List<Long> gaps = new ArrayList<>();
        bus.subscribe("steady-direct", TopicSelector.of("t.*"), event -> {
            final long number = NumberedPublisher.numberOf(event);
            if (number != steadyDirect.getAndSet(number + 1)) {
                gaps.add(number);
            }
        });
        final Thread publishing = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                publisher.publish(i);
            }
        });
        publishing.start();
        int rounds = 0;
        while (publishing.isAlive()) {
            final GatedSink guest = new GatedSink();
            final Subscription buffered = bus.subscribe(context("guest").batch(7, 1 << 14), lane -> guest);
            final Subscription direct = bus.subscribe("guest-direct", TopicSelector.of("*"), event -> {
            });
            bus.unsubscribe(direct);
            bus.unsubscribe(buffered);
            final List<Long> numbers = guest.numbers();
            if (!numbers.isEmpty()) {
                assertEquals(range(numbers.get(0), numbers.get(0) + numbers.size()), numbers, "of a guest");
            }
            rounds++;
        }
        publishing.join();
        assertTrue(rounds > 0);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(range(0, count), sink.numbers());
        assertEquals(List.of(), gaps);
        assertEquals(count, steadyDirect.get());
    }

    @Test
    void shouldBeginEveryLaneAtTheSameEventWhenAddedWhilePublishing() throws Exception {
        final int count = 20_000;
        final Thread publishing = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                publisher.publish("t.a", "key-" + i % 31, i);
            }
        });
        bus.subscribe(context("steady"), lane -> sink);
        publishing.start();
        await("some events").until(() -> !sink.batches().isEmpty());
        final List<GatedSink> sinks = new ArrayList<>();
        bus.subscribe(context("late").lanes(4), lane -> {
            sinks.add(new GatedSink());
            return sinks.get(lane);
        });
        publishing.join();
        assertTrue(bus.drain(PATIENCE));
        final TreeSet<Long> numbers = new TreeSet<>();
        int total = 0;
        for (final GatedSink each : sinks) {
            numbers.addAll(each.numbers());
            total += each.numbers().size();
        }
        assertEquals(total, numbers.size(), "no event came to two lanes");
        if (!numbers.isEmpty()) {
            assertEquals(range(numbers.first(), count), List.copyOf(numbers), "no gap after the first event");
        }
        assertEquals(range(0, count), sink.numbers());
    }
}
