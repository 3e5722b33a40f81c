package io.headrace.bus.subscription;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.delivery.BreakerState;
import io.headrace.bus.latency.FlowLatency;
import io.headrace.bus.latency.StageRecorder;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * A subscription whose handler reads frames in place. It holds publishers back until its handler is done: that is its
 * contract. {@link #doWork()} belongs to one thread, its own or one that its user steps it with.
 */
public final class DirectSubscription implements Subscription, Agent {
    /** How many events to handle before the gate moves. */
    private static final int MAX_EVENTS_PER_CYCLE = 256;
    private static final Logger LOG = LoggerFactory.getLogger(DirectSubscription.class);

    private final String name;
    private final TopicSelector topics;
    private final EventHandler handler;
    private final RingReader reader;
    private final BusClock clock;
    private final HealthIndicator health;
    private final StageRecorder recorder = new StageRecorder();
    private final FlowLatency latency = new FlowLatency(List.of(recorder));
    private final AtomicCounter deliveredEvents;
    private final AtomicCounter handlerFailures;
    private final AtomicCounter undecodableEvents;
    private final Sequence position;
    private final EventView view = new EventView();
    private volatile boolean closed;

    /**
     * Adds the gate to the ring.
     *
     * @param name     unique on the bus; it counts under {@code subscription.NAME.*}.
     * @param topics   what it selects.
     * @param handler  of the events.
     * @param ring     to read.
     * @param clock    of the bus.
     * @param counters of the bus.
     * @param health   of the subscription.
     */
    public DirectSubscription(
        final String name,
        final TopicSelector topics,
        final EventHandler handler,
        final Ring ring,
        final BusClock clock,
        final Counters counters,
        final HealthIndicator health) {
        this.name = name;
        this.topics = topics;
        this.handler = handler;
        this.clock = clock;
        this.health = health;
        deliveredEvents = counters.counter("subscription." + name + ".delivered-events");
        handlerFailures = counters.counter("subscription." + name + ".handler-failures");
        undecodableEvents = counters.counter("subscription." + name + ".undecodable-events");
        reader = ring.addReader();
        position = new Sequence(reader.passedSequence());
        health.up();
    }

    @Override
    public int doWork() {
        if (closed) {
            return 0;
        }
        int moved = 0;
        int handled = 0;
        long handedOverNs = 0;
        while (moved < MAX_EVENTS_PER_CYCLE && reader.next()) {
            moved++;
            if (view.wrap(reader.buffer(), reader.eventOffset(), reader.eventLengthBytes()) != DecodeError.NONE) {
                undecodableEvents.increment();
            } else if (topics.matches(view.buffer(), view.topicOffset(), view.topicLength())) {
                // The end of one event's handling is the handing over of the next: one clock reading for both.
                handedOverNs = handled == 0 ? clock.nanoTime() : handedOverNs;
                handle();
                final long acknowledgedNs = clock.nanoTime();
                record(handedOverNs, acknowledgedNs);
                handedOverNs = acknowledgedNs;
                handled++;
            }
        }
        if (reader.release()) {
            position.set(reader.passedSequence());
            deliveredEvents.getAndAdd(handled);
        }
        return moved;
    }

    private void handle() {
        try {
            handler.onEvent(view);
        } catch (final RuntimeException | Error ex) {
            handlerFailures.increment();
            health.degraded("The handler threw " + ex + " at event " + reader.sequence() + "; see the log.");
            LOG.error("Handler of subscription {} failed at event {}", name, reader.sequence(), ex);
        }
    }

    private void record(final long handedOverNs, final long acknowledgedNs) {
        final long transportNs = handedOverNs - reader.publishedAtNs();
        if (view.snapshot() || view.sourceTimeNs() == 0) {
            recorder.recordInside(transportNs, acknowledgedNs - handedOverNs);
        } else {
            recorder.record(view.publishTimeNs() - view.sourceTimeNs(), transportNs, acknowledgedNs - handedOverNs);
        }
    }

    /**
     * Whether there is something to do.
     *
     * @return true when {@link #doWork()} may find an event.
     */
    public boolean hasFrame() {
        return !closed && reader.hasFrame();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long position() {
        return position.get();
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public boolean stopped() {
        return closed;
    }

    @Override
    public boolean drained(final long sequence) {
        return closed || position() >= sequence;
    }

    @Override
    public SubscriptionStatus status() {
        return new SubscriptionStatus(
            name, topics.patterns(), 1, WhenFull.BLOCK, closed ? "stopped" : "live", health.state(), health.reason(),
            position(), closed ? 0 : reader.lagSlots(), deliveredEvents.get(), 0, 0, 0, 0, 0, 0,
            BreakerState.CLOSED);
    }

    @Override
    public FlowLatency latency() {
        return latency;
    }

    @Override
    public void onClose() {
        close();
    }

    /** {@inheritDoc} Called by the thread that steps it, or after that thread ended. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            reader.close();
        }
        if (health.state() == Health.State.DEGRADED) {
            LOG.warn("Subscription {} closed: {}", name, health.reason());
        }
    }

    @Override
    public String roleName() {
        return "headrace-" + name;
    }
}
