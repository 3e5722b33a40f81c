package io.headrace.bus.subscription;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a subscription loses while its sink is busy, it counts exactly. */
class WhenFullTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SLOTS = 64;
    private static final int COUNT = 40 * SLOTS;

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

    private Subscription subscribe(final WhenFull whenFull, final int maxKeys) {
        return bus.subscribe(new SubscriptionContext().name("busy").topics(TopicSelector.of("t.*"))
            .whenFull(whenFull).conflateMaxKeys(maxKeys), lane -> sink);
    }

    private void publish(final int from, final int to, final int keyCount) {
        for (int i = from; i < to; i++) {
            publisher.publish("t.a", "key-" + i % keyCount, i);
        }
    }

    private static void awaitAllAccountedFor(final Subscription subscription, final long published) {
        await("every event to be delivered or counted as lost").untilAsserted(() -> assertEquals(
            published, subscription.status().delivered() + subscription.status().dropped(), "delivered + dropped"));
    }

    private void assertGrowing(final List<Long> numbers) {
        for (int i = 1; i < numbers.size(); i++) {
            assertTrue(numbers.get(i) > numbers.get(i - 1), numbers.get(i - 1) + " before " + numbers.get(i));
        }
    }

    @Test
    void shouldDropTheNewestAndCountThemExactly() {
        final Subscription subscription = subscribe(WhenFull.DROP_NEWEST, 1);
        sink.holdAfter(0);
        publish(0, COUNT, 5);
        assertTrue(sink.blocked());
        assertTrue(subscription.status().dropped() > 0, "publishers were not held back");
        assertTrue(bus.finishedSequence() >= COUNT - 1, "sources need not wait for it");
        sink.release();
        awaitAllAccountedFor(subscription, COUNT);
        assertEquals(subscription.status().delivered(), sink.received().size());
        assertEquals(0L, sink.numbers().get(0), "what came first is kept");
        assertGrowing(sink.numbers());
        publish(COUNT, COUNT + 10, 5);
        await("the flow to go on").until(() -> sink.numbers().contains(COUNT + 9L));
        awaitAllAccountedFor(subscription, COUNT + 10);
    }

    @Test
    void shouldKeepTheLatestOfEachKeyWhenConflating() {
        final int keyCount = 7;
        final Subscription subscription = subscribe(WhenFull.CONFLATE, 100);
        sink.holdAfter(0);
        publish(0, COUNT, keyCount);
        sink.release();
        awaitAllAccountedFor(subscription, COUNT);
        assertTrue(subscription.status().dropped() > 0);
        final Map<String, Long> latest = new HashMap<>();
        sink.received().forEach(event -> {
            final Long before = latest.put(event.key(), event.number());
            assertTrue(before == null || before < event.number(), event + " came after " + before);
        });
        final Map<String, Long> expected = new HashMap<>();
        for (int i = COUNT - keyCount; i < COUNT; i++) {
            expected.put("key-" + i % keyCount, (long)i);
        }
        assertEquals(expected, latest);
        assertEquals(subscription.status().delivered(), sink.received().size());
    }

    @Test
    void shouldDropFurtherKeysBeyondTheBoundAndCountThem() {
        final Subscription subscription = subscribe(WhenFull.CONFLATE, 3);
        sink.holdAfter(0);
        publish(0, COUNT, 1000);
        sink.release();
        awaitAllAccountedFor(subscription, COUNT);
        assertEquals(subscription.status().delivered(), sink.received().size());
        assertGrowing(sink.numbers());
    }

    @Test
    void shouldLoseNothingWhileTheSinkKeepsUp() {
        final Subscription subscription = subscribe(WhenFull.DROP_NEWEST, 1);
        for (int i = 0; i < COUNT; i++) {
            publish(i, i + 1, 5);
            if (i % (SLOTS / 4) == 0) {
                final long published = i + 1;
                await("the sink to keep up").until(() -> subscription.status().delivered() == published);
            }
        }
        awaitAllAccountedFor(subscription, COUNT);
        assertEquals(0, subscription.status().dropped());
    }

    @Test
    void shouldNotHoldBackALosslessSubscriptionBeside() {
        final GatedSink lossless = new GatedSink();
        bus.subscribe(new SubscriptionContext().name("lossless").topics(TopicSelector.of("t.*")), lane -> lossless);
        subscribe(WhenFull.DROP_NEWEST, 1);
        sink.holdAfter(0);
        publish(0, COUNT, 5);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(COUNT, lossless.received().size());
        sink.release();
    }

    @Test
    void shouldAccountForEveryEventWhileTheSinkStopsAndGoes() {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        final Random random = new Random(seed);
        for (final WhenFull whenFull : List.of(WhenFull.DROP_NEWEST, WhenFull.CONFLATE)) {
            final GatedSink target = new GatedSink();
            final Subscription subscription = bus.subscribe(new SubscriptionContext().name(whenFull.name())
                .topics(TopicSelector.of("t.*")).whenFull(whenFull).conflateMaxKeys(10).batch(8, 1 << 12),
                lane -> target);
            long published = 0;
            for (int round = 0; round < 60; round++) {
                if (random.nextBoolean()) {
                    target.holdAfter(random.nextInt(3));
                } else {
                    target.release();
                }
                final int count = random.nextInt(2 * SLOTS);
                for (int i = 0; i < count; i++) {
                    publisher.publish("t.a", "key-" + random.nextInt(20), published++);
                }
            }
            target.release();
            final long total = published;
            await("every event to be accounted for, seed " + seed).untilAsserted(() -> assertEquals(
                total, subscription.status().delivered() + subscription.status().dropped(), whenFull + " " + seed));
            assertEquals(subscription.status().delivered(), target.received().size());
            bus.unsubscribe(subscription);
        }
    }
}
