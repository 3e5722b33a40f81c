package io.headrace.bus;

import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.log.DurablePosition;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.FollowingPublisher;
import io.headrace.bus.publish.MessageIdWindow;
import io.headrace.bus.publish.MessageIdWindows;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.publish.RingPublisher;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.Signal;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.BufferedSubscription;
import io.headrace.bus.subscription.BusAccess;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.EventHandler;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * One ring, one total order, and those who publish to it and subscribe to it. Safe for use by any thread; publishers
 * and subscriptions may come and go while it runs, and the others lose nothing by it.
 *
 * <pre>{@code
 * try (Bus bus = new Bus(new BusContext())) {
 *     bus.subscribe("audit", TopicSelector.of("erp.*"), event -> audit(event));
 *     Publisher publisher = bus.newPublisher("erp");
 *     long sequence = publisher.offer(buffer, 0, writer.length());
 * }
 * }</pre>
 */
public final class Bus implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
    private static final int CONDUCTOR_CLOSE_MS = 10;
    private static final int CLOSE_RETRY_MS = 2000;
    /** An interrupt would close the files under the log's hands: far longer than it may take to close. */
    private static final int LOG_CLOSE_MS = 120_000;
    /** The media driver needs its turns while nothing is published. */
    private static final long LOG_MAX_BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long DRAIN_LOOK_INTERVAL_NS = 1_000_000;

    private final BusContext context;
    private final Ring ring;
    private final BusClock clock;
    private final Counters counters = new Counters();
    private final MessageIdWindows messageIds = new MessageIdWindows(MessageIdWindow.DEFAULT_CAPACITY);
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final Map<Subscription, AgentHost.Running> directRunners = new ConcurrentHashMap<>();
    private final EpochHistory epochsWithoutLog;
    private final BusLog log;
    private final BusAccess access;
    private final AgentHost.Running conductorRunner;
    private final AgentHost.Running logRunner;
    private volatile boolean closed;
    private volatile BusRole role;
    private volatile boolean takesEvents;

    /**
     * Makes a bus and starts its conductor.
     *
     * @param context its configuration.
     * @throws IllegalArgumentException when a value is out of its range, with {@code name=value}.
     */
    public Bus(final BusContext context) {
        if (context.replica() && context.log() == null) {
            throw new IllegalArgumentException("replica=true needs an event log");
        }
        this.context = context;
        role = context.replica() ? BusRole.REPLICA : BusRole.LEADER;
        takesEvents = !context.replica();
        clock = new BusClock(context.nanoClock(), context.epochClock());
        final Signal signal = new Signal(context.waitProfile() == WaitProfile.ECO);
        log = context.log() == null ? null : new BusLog(context, clock, counters, messageIds, signal);
        logRunner = log == null ? null : context.agents().start(
            log, context.waitProfile().idleStrategy(signal, log::hasWork, LOG_MAX_BLOCK_NS), false, LOG_CLOSE_MS);
        ring = log == null ? ring(context, signal, 0, Integer.MAX_VALUE) : awaitLog();
        epochsWithoutLog = log == null ? EpochHistory.withoutLog() : null;
        access = new BusAccess(ring, log == null ? null : log.access(), log == null ? null : log.parking(),
            context.waitProfile(), clock, counters, context.agents());
        final BusConductor conductor = new BusConductor(subscriptions, clock, context.capacity());
        conductorRunner =
            context.agents().start(conductor, conductor.idleStrategy(), true, CONDUCTOR_CLOSE_MS);
    }

    static Ring ring(
        final BusContext context, final Signal signal, final long baseSequence, final int eventLengthCapBytes) {
        return new Ring(context.capacity(), context.slotBytes(), context.producerMode(), signal, baseSequence,
            eventLengthCapBytes);
    }

    private Ring awaitLog() {
        try {
            return log.awaitOpen();
        } catch (final RuntimeException ex) {
            logRunner.close();
            throw ex;
        }
    }

    /**
     * Makes a publisher. Its counters are {@code publisher.NAME.*}; publishers of one name share them. While the bus
     * does not lead, it answers {@link Publisher#CLOSED}.
     *
     * @param name for the counters.
     * @return the publisher.
     */
    public Publisher newPublisher(final String name) {
        return new RingPublisher(name, ring, clock, counters, () -> !takesEvents, messageIds);
    }

    /** {@return what this bus is now; one that follows nobody leads} */
    public BusRole role() {
        return role;
    }

    /**
     * Makes the publisher of a replica, which brings the leader's events into its ring.
     *
     * @return the publisher, for the link thread.
     * @throws IllegalStateException on a bus that is no replica.
     */
    public FollowingPublisher newFollowingPublisher() {
        requireReplica();
        return new FollowingPublisher(ring, clock, counters);
    }

    /**
     * Has a replica write the epochs of its leader into its log, each when its events come. Never waits.
     *
     * @param leader the epochs.
     * @throws IllegalStateException on a bus that is no replica.
     */
    public void follow(final EpochHistory leader) {
        requireReplica();
        log.follow(leader);
    }

    private void requireReplica() {
        if (role != BusRole.REPLICA) {
            throw new IllegalStateException("role=" + role + " is not that of a replica");
        }
    }

    /**
     * Makes a replica the leader. Its following publisher must be out of use by now. Waits until everything received is
     * recorded, and begins an epoch behind it; then the bus takes events.
     *
     * @param epoch   that it leads under, higher than that of any other leader.
     * @param timeout how long to wait at the most until everything is recorded.
     * @return the first sequence of the epoch.
     * @throws InterruptedException  when the thread was interrupted; the bus is a replica still.
     * @throws IllegalStateException on a bus that is no replica, or when it is not recorded in time.
     */
    public synchronized long lead(final long epoch, final Duration timeout) throws InterruptedException {
        requireReplica();
        if (epoch <= epochs().epoch()) {
            throw new IllegalArgumentException("epoch=" + epoch + " is not above " + epochs().epoch());
        }
        final long claimedSequence = ring.claimedSequence();
        final long deadlineNs = clock.nanoTime() + timeout.toNanos();
        while (log.recordedSequence() < claimedSequence) {
            if (clock.nanoTime() - deadlineNs >= 0) {
                throw new IllegalStateException("the event log did not record sequence " + claimedSequence + " within "
                    + timeout + "; it is at " + log.recordedSequence());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(DRAIN_LOOK_INTERVAL_NS);
        }
        log.lead(epoch, claimedSequence + 1);
        role = BusRole.LEADER;
        takesEvents = !closed;
        return claimedSequence + 1;
    }

    /**
     * Takes no more events, as another bus leads: publishers are told that this one is closed. Never waits.
     * Subscriptions go on to the end of the log.
     */
    public void fence() {
        takesEvents = false;
        role = BusRole.FENCED;
    }

    /**
     * Ends the log of a fenced bus behind what is on its ring: nothing is recorded any more behind that, and so
     * confirmed to nobody. Never waits; asked again until it is answered.
     *
     * @return the first sequence that the log does not have and never will; -1 while it is not yet known.
     * @throws IllegalStateException on a bus that is not fenced.
     */
    public long endOfLog() {
        if (role != BusRole.FENCED || log == null) {
            throw new IllegalStateException("role=" + role + " goes on with its log");
        }
        return log.end();
    }

    /**
     * Takes note of how far a replica is. Called by the link thread.
     *
     * @param replicaName  of the replica.
     * @param nextSequence the first that its log does not have; -1 when it is gone.
     */
    public void onReplica(final String replicaName, final long nextSequence) {
        if (log != null) {
            log.copies().onReplica(replicaName, nextSequence);
        }
    }

    /** {@return up to which sequence enough replicas have recorded the events; -1 for none, and without a log} */
    public long replicatedSequence() {
        return log == null ? -1 : log.copies().replicatedSequence().get();
    }

    /** {@return up to which sequence, in slots, events are recorded; -1 without a log} */
    public long recordedSequence() {
        return log == null ? -1 : log.recordedSequence();
    }

    /**
     * Adds a direct subscription with a thread of its own. It gets what is published from now on.
     *
     * @param name    unique on the bus.
     * @param topics  what it selects.
     * @param handler of the events; it must not block.
     * @return the subscription.
     * @throws IllegalArgumentException when the name is taken or has a dot.
     */
    public synchronized Subscription subscribe(
        final String name, final TopicSelector topics, final EventHandler handler) {
        final DirectSubscription subscription = addDirect(name, topics, handler);
        directRunners.put(subscription, context.agents().start(
            subscription, context.waitProfile().idleStrategy(ring.signal(), subscription::hasFrame), false,
            CLOSE_RETRY_MS));
        return subscription;
    }

    /**
     * Adds a direct subscription without a thread: the caller steps it by {@link DirectSubscription#doWork()}.
     *
     * @param name    unique on the bus.
     * @param topics  what it selects.
     * @param handler of the events.
     * @return the subscription.
     * @throws IllegalArgumentException when the name is taken or has a dot.
     */
    public synchronized DirectSubscription addDirect(
        final String name, final TopicSelector topics, final EventHandler handler) {
        checkNew(name);
        final DirectSubscription subscription = new DirectSubscription(
            name, topics, handler, ring, clock, counters, new HealthIndicator("subscription " + name));
        subscriptions.add(subscription);
        return subscription;
    }

    /**
     * Adds a buffered subscription. It gets what is published from now on.
     *
     * @param subscriptionContext its configuration.
     * @param sinks               makes the sink of each lane, from 0.
     * @return the subscription.
     * @throws IllegalArgumentException when the name is taken or the configuration does not hold.
     */
    public Subscription subscribe(final SubscriptionContext subscriptionContext, final IntFunction<Sink> sinks) {
        return subscribe(
            subscriptionContext, new HealthIndicator("subscription " + subscriptionContext.name()), sinks);
    }

    /**
     * As {@link #subscribe(SubscriptionContext, IntFunction)}, with a health that the sinks share.
     *
     * @param subscriptionContext its configuration.
     * @param health              of the subscription and its sinks.
     * @param sinks               makes the sink of each lane, from 0.
     * @return the subscription.
     * @throws IllegalArgumentException when the name is taken or the configuration does not hold.
     */
    public synchronized Subscription subscribe(
        final SubscriptionContext subscriptionContext, final HealthIndicator health, final IntFunction<Sink> sinks) {
        subscriptionContext.conclude(hasLog());
        checkNew(subscriptionContext.name());
        final long[] finished = subscriptionContext.durable() ?
            log.finishedAtStart(subscriptionContext.name()) : null;
        final BufferedSubscription subscription =
            new BufferedSubscription(subscriptionContext, access, finished, health, sinks);
        if (subscriptionContext.durable()) {
            log.add(subscription);
        }
        subscriptions.add(subscription);
        subscription.start();
        return subscription;
    }

    private void checkNew(final String name) {
        if (closed) {
            throw new IllegalStateException("the bus is closed");
        }
        if (name.indexOf('.') >= 0) {
            throw new IllegalArgumentException("name=" + name + " has a dot, which separates the names of counters");
        }
        if (subscriptions.stream().anyMatch(subscription -> subscription.name().equals(name))) {
            throw new IllegalArgumentException("name=" + name + " is a subscription of this bus already");
        }
    }

    /**
     * Ends a subscription and forgets its position. The others are not touched.
     *
     * @param subscription of this bus.
     */
    public synchronized void unsubscribe(final Subscription subscription) {
        end(subscription);
        counters.removeAll("subscription." + subscription.name() + ".");
        subscriptions.remove(subscription);
        if (log != null && subscription instanceof final DurablePosition durable) {
            log.remove(durable);
        }
    }

    private void end(final Subscription subscription) {
        final AgentHost.Running runner = directRunners.remove(subscription);
        if (runner != null) {
            runner.close();
        } else {
            subscription.close();
        }
    }

    /**
     * How far the bus has taken over: what a source may confirm upstream. With an event log, what is recorded;
     * without one, what every lossless subscription has finished.
     *
     * @return the sequence; without a log the last one claimed when there is no lossless subscription.
     */
    public long finishedSequence() {
        if (log != null) {
            return log.recordedSequence();
        }
        // Read before the positions: an event claimed meanwhile must not count as finished by nobody.
        long finishedSequence = ring.claimedSequence();
        for (final Subscription subscription : subscriptions) {
            if (subscription.lossless()) {
                finishedSequence = Math.min(finishedSequence, subscription.position());
            }
        }
        return finishedSequence;
    }

    /**
     * Waits until every lossless subscription that has not stopped has finished everything published before this call.
     *
     * @param timeout how long to wait at the most.
     * @return true when they have.
     */
    public boolean drain(final Duration timeout) {
        final long untilSequence = ring.claimedSequence();
        final long deadlineNs = clock.nanoTime() + timeout.toNanos();
        while (!drained(untilSequence)) {
            if (clock.nanoTime() - deadlineNs >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(DRAIN_LOOK_INTERVAL_NS);
        }
        return true;
    }

    private boolean drained(final long untilSequence) {
        return subscriptions.stream()
            .filter(Subscription::lossless)
            .allMatch(subscription -> subscription.drained(untilSequence));
    }

    /** {@return the epochs of the event log; on a bus without one, a single epoch that ends with the process} */
    public EpochHistory epochs() {
        return log == null ? epochsWithoutLog : log.epochs();
    }

    /**
     * What the event log held of a source when it was opened, or when the bus began to lead.
     *
     * @param sourceName as its events name it.
     * @return what was recorded; empty for a source that the log does not know, and without a log.
     */
    public Optional<RecordedSource> recorded(final String sourceName) {
        return log == null ? Optional.empty() : log.recordedAtStart(sourceName);
    }

    /** {@return whether the bus has an event log} */
    public boolean hasLog() {
        return log != null;
    }

    /** {@return how the event log is; empty on a bus without one} */
    public Optional<LogStatus> logStatus() {
        return log == null ? Optional.empty() : Optional.of(log.status(ring.claimedSequence()));
    }

    /**
     * Makes a reader of the event log.
     *
     * @return the reader, for one thread.
     * @throws IllegalStateException on a bus without a log.
     */
    public LogReader newLogReader() {
        if (log == null) {
            throw new IllegalStateException("the bus has no event log");
        }
        return log.newReader();
    }

    /** {@return the signal given after more is recorded; on a bus without a log, after more is published} */
    public Signal recordedSignal() {
        return log == null ? ring.signal() : log.access().recordedSignal();
    }

    /** {@return the longest event that the bus takes, in bytes} */
    public int maxEventLengthBytes() {
        return ring.maxEventLengthBytes();
    }

    /** {@return the subscriptions, in the order in which they were added} */
    public List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    /** {@return the counters of the bus and of everything attached to it} */
    public Counters counters() {
        return counters;
    }

    /** {@return the clocks of the bus} */
    public BusClock clock() {
        return clock;
    }

    /** {@return the configuration} */
    public BusContext context() {
        return context;
    }

    /** {@return the last sequence claimed, -1 when nothing was published yet} */
    public long claimedSequence() {
        return ring.claimedSequence();
    }

    /**
     * Takes no more events, and ends every subscription as it stands; {@link #drain(Duration)} comes first where
     * nothing may be left undelivered. Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            takesEvents = false;
        }
        subscriptions.forEach(this::end);
        // It may be asleep for longer than a caller likes to wait; the interrupt that follows wakes it.
        conductorRunner.close();
        if (logRunner != null) {
            logRunner.close();
        }
    }
}
