package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertFalse;

/** A source at work on a real bus, whose only subscription is lossless and can be held. Owned by the test's thread. */
final class SourceRun implements AutoCloseable {
    static final String NAME = "contract";

    private static final int SMALLEST_BATCH_BYTES = 64;

    private final Duration patience;
    private final Bus bus;
    private final RecordingSink sink = new RecordingSink();
    private final Subscription subscription;
    private final List<EncodedEvent> published = new CopyOnWriteArrayList<>();
    private final HealthLog health = new HealthLog();
    private final ThreadWatch threads;
    private final Source source;

    <O extends Record> SourceRun(
        final SourceProvider<O> provider,
        final O options,
        final BusContext busContext,
        final Duration patience,
        final Supplier<ThreadWatch> watch,
        final SimulatedLog log) {
        this.patience = patience;
        bus = new Bus(busContext);
        subscription = bus.subscribe(
            new SubscriptionContext().name("all").topics(TopicSelector.of("*")).batch(1, SMALLEST_BATCH_BYTES),
            lane -> sink);
        if (log != null) {
            bus.subscribe("log", TopicSelector.all(), event -> published.add(EncodedEvent.copyOf(event)));
        }
        threads = watch.get();
        source = provider.createSource(options, TestContexts.source(bus, NAME, health, log));
    }

    Bus bus() {
        return bus;
    }

    RecordingSink sink() {
        return sink;
    }

    HealthLog health() {
        return health;
    }

    ThreadWatch threads() {
        return threads;
    }

    Source source() {
        return source;
    }

    Subscription subscription() {
        return subscription;
    }

    long backPressuredCount() {
        return bus.counters().counter("publisher." + NAME + ".back-pressured").get();
    }

    /** The source's own counters, without the prefix. */
    Map<String, Long> counters() {
        final String prefix = "source." + NAME + ".";
        final Map<String, Long> values = new TreeMap<>();
        bus.counters().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), value);
            }
        });
        return values;
    }

    List<EncodedEvent> events() {
        return new ArrayList<>(sink.events());
    }

    /** All that was published, with the marks of transactions, when the run has a log. */
    List<EncodedEvent> published() {
        return new ArrayList<>(published);
    }

    /** Closes the source first, as a service does, and waits a bounded time for it. */
    @Override
    public void close() {
        final Thread closing = new Thread(source::close, "contract-closing");
        closing.start();
        try {
            closing.join(patience.toMillis());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        final boolean hangs = closing.isAlive();
        closing.interrupt();
        sink.release();
        bus.close();
        assertFalse(hangs, "the source's close() has not ended within " + patience);
    }
}
