package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The testkit's sinks and contexts, at work on a real bus. */
class ScriptedSinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RetryOptions RETRY = new RetryOptions(
        Duration.ofMillis(1), Duration.ofMillis(1), 0, Optional.empty(), Optional.empty());

    private final Bus bus = new Bus(new BusContext().ring(256, 256));
    private final SourceContext source = TestContexts.source(bus, "erp", new HealthLog());
    private final RecordingSink target = new RecordingSink();
    private final ScriptedSink sink = new ScriptedSink(target);

    @AfterEach
    void close() {
        bus.close();
    }

    private Subscription subscribe() {
        return bus.subscribe(new SubscriptionContext().name("plan").topics(TopicSelector.of("*"))
            .failures(RETRY, OnPoison.SKIP).batch(1, 64), lane -> sink);
    }

    private List<EncodedEvent> publish(final int count) {
        final List<EncodedEvent> events = EventFixtures.transaction(1, "a", 1, count).subList(1, count + 1);
        for (final EncodedEvent event : events) {
            assertTrue(source.publisher().publish(event.buffer(), 0, event.lengthBytes(), PATIENCE.toNanos()) >= 0);
        }
        return events;
    }

    @Test
    void shouldFailAsItsScriptSaysAndThenGoOn() {
        sink.succeed().retriable(0).retriable(1).poison(0, 0);
        final Subscription subscription = subscribe();
        final List<EncodedEvent> events = publish(5);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(
            List.of(events.get(0), events.get(1), events.get(3), events.get(4)), target.events());
        assertEquals(2, subscription.status().retries());
        assertEquals(1, subscription.status().poison());
        assertEquals(bus.claimedSequence(), source.finishedSequence());
    }

    @Test
    void shouldStopTheFlowWhenTheScriptSaysSo() {
        sink.succeed().fatal(0);
        final Subscription subscription = subscribe();
        final List<EncodedEvent> events = publish(3);
        assertTrue(bus.drain(PATIENCE));
        assertTrue(subscription.stopped());
        assertEquals(events.subList(0, 1), target.events());
        assertTrue(source.finishedSequence() < bus.claimedSequence());
    }

    @Test
    void shouldThrowWhatTheScriptSays() {
        sink.fail(new IllegalStateException("column=7"));
        final Subscription subscription = subscribe();
        publish(1);
        assertTrue(bus.drain(PATIENCE));
        assertTrue(subscription.status().reason().contains("column=7"), subscription.status().reason());
    }

    @Test
    void shouldCountUnderTheNameOfTheAdapter() {
        source.counter("rows").increment();
        TestContexts.sink(bus, "plan", new HealthLog(), 1, 2).counter("rows").getAndAdd(2);
        assertEquals(1, bus.counters().counter("source.erp.rows").get());
        assertEquals(2, bus.counters().counter("sink.plan.rows").get());
    }
}
