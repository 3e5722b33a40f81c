package io.headrace.bus;

import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.subscription.BufferedSubscription;
import io.headrace.bus.subscription.Subscription;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a bus must do beside the events' way: moves slow subscriptions out of the publishers' way where their policy
 * allows it, and keeps the epoch clock's offset fresh. Owned by the conductor's thread, which makes its rounds every
 * few milliseconds while there is a subscription that it may have to move, and far less often otherwise: a round costs
 * the processor some 50 µs, most of it for waking up.
 */
final class BusConductor implements Agent {
    /** A sink that is busy while this part of the ring is waiting for it is evicted: the rest is room for bursts. */
    private static final Logger LOG = LoggerFactory.getLogger(BusConductor.class);
    private static final int EVICTION_LAG_DIVISOR = 2;
    private static final int EVICTION_INTERVAL_MS = 10;
    private static final int REST_INTERVAL_MS = 100;
    private static final long CLOCK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<Subscription> subscriptions;
    private final BusClock clock;
    private final int lagLimitSlots;
    private long nextClockNs;

    BusConductor(final List<Subscription> subscriptions, final BusClock clock, final int capacity) {
        this.subscriptions = subscriptions;
        this.clock = clock;
        this.lagLimitSlots = capacity / EVICTION_LAG_DIVISOR;
        this.nextClockNs = clock.nanoTime() + CLOCK_INTERVAL_NS;
    }

    /** How the thread waits between two rounds. */
    IdleStrategy idleStrategy() {
        return new BetweenRounds();
    }

    private int intervalMs() {
        for (final Subscription subscription : subscriptions) {
            if (subscription instanceof final BufferedSubscription buffered && buffered.evictable()) {
                return EVICTION_INTERVAL_MS;
            }
        }
        return REST_INTERVAL_MS;
    }

    @Override
    public int doWork() {
        int workCount = 0;
        for (final Subscription subscription : subscriptions) {
            if (subscription instanceof final BufferedSubscription buffered) {
                workCount += evict(buffered);
            }
        }
        final long nowNs = clock.nanoTime();
        if (nowNs - nextClockNs >= 0) {
            nextClockNs = nowNs + CLOCK_INTERVAL_NS;
            clock.resample();
        }
        return workCount;
    }

    /** A fault with one subscription, as no memory for what it conflates, must not end the eviction of all. */
    private int evict(final BufferedSubscription subscription) {
        try {
            return subscription.evictSlowLanes(lagLimitSlots);
        } catch (final RuntimeException | Error ex) {
            LOG.error("Subscription {} could not be moved out of the publishers' way", subscription.name(), ex);
            return 0;
        }
    }

    @Override
    public String roleName() {
        return "headrace-conductor";
    }

    private final class BetweenRounds implements IdleStrategy {
        @Override
        public void idle(final int workCount) {
            if (workCount == 0) {
                idle();
            }
        }

        @Override
        public void idle() {
            try {
                Thread.sleep(intervalMs());
            } catch (final InterruptedException ex) {
                // The runner looks at the flag, and ends.
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void reset() {
            // Each wait is as long as the subscriptions of that moment ask for.
        }
    }
}
