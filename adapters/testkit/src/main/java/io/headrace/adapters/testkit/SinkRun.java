package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A sink at work under a real subscription. Owned by the thread of the test. */
final class SinkRun implements AutoCloseable {
    private static final int MAX_TRANSACTION_BYTES = 1 << 22;
    private static final RetryOptions RETRY = new RetryOptions(
        Duration.ofMillis(5), Duration.ofMillis(50), 0, Optional.empty(), Optional.empty());

    private final Bus bus;
    private final Publisher publisher;
    private final Subscription subscription;
    private final Duration patience;

    <O extends Record> SinkRun(
        final Bus bus, final SinkProvider<O> provider, final O options, final int lanes, final Duration patience) {
        this.bus = bus;
        this.patience = patience;
        publisher = bus.newPublisher("contract");
        final HealthIndicator health = new HealthIndicator("sink contract");
        subscription = bus.subscribe(
            new SubscriptionContext().name("contract").topics(TopicSelector.of("*")).lanes(lanes)
                .wholeTransactions(lanes == 1 && provider.capabilities(options).wholeTransactions(),
                    MAX_TRANSACTION_BYTES)
                .failures(RETRY, OnPoison.SKIP),
            health,
            lane -> provider.createSink(options, TestContexts.sink(bus, "contract", health, lane, lanes)));
    }

    Subscription subscription() {
        return subscription;
    }

    long publish(final EncodedEvent event) {
        final long sequence = publisher.publish(event.buffer(), 0, event.lengthBytes(), patience.toNanos());
        assertTrue(sequence >= 0, "publishing answered " + sequence);
        return sequence;
    }

    /** Shows several events at once, so that a batch has more than one: no reader passes the claim of the first. */
    void publishTogether(final List<EncodedEvent> events) {
        final EncodedEvent first = events.get(0);
        final EventClaim claim = new EventClaim();
        final long sequence = publisher.claim(first.lengthBytes(), claim, patience.toNanos());
        assertTrue(sequence >= 0, "claiming answered " + sequence);
        claim.buffer().putBytes(claim.offset(), first.buffer(), 0, first.lengthBytes());
        try {
            events.subList(1, events.size()).forEach(this::publish);
        } finally {
            claim.commit(first.lengthBytes());
        }
    }

    void drain() {
        assertTrue(bus.drain(patience), "not drained: " + subscription.status());
        assertTrue(!subscription.stopped(), "stopped: " + subscription.status());
    }

    @Override
    public void close() {
        bus.close();
    }
}
