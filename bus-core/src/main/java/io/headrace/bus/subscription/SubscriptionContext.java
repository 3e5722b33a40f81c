package io.headrace.bus.subscription;

import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.delivery.CircuitBreakerOptions;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of a buffered subscription. Set up by one thread; {@link #conclude(boolean)} checks all of it at
 * once.
 */
public final class SubscriptionContext {
    /** The most keys that a conflating subscription may keep. */
    public static final int MAX_CONFLATE_KEYS = 1 << 22;

    private static final int SMALLEST_EVENT_BYTES = 64;
    private static final int MAX_TRANSACTION_BYTES = 1 << 30;

    private String name;
    private TopicSelector topics;
    private int lanes = 1;
    private WhenFull whenFull;
    private AfterStage after;
    private StartPosition from = StartPosition.NOW;
    private boolean withLog;
    private int conflateMaxKeys = 1 << 16;
    private int maxBatchEvents = 1024;
    private int maxBatchBytes = 1 << 20;
    private int maxTransactionBytes = 64 << 20;
    private boolean wholeTransactions;
    private RetryOptions retry = RetryOptions.defaults();
    private OnPoison onPoison = OnPoison.STOP;
    private Optional<CircuitBreakerOptions> circuitBreaker = Optional.empty();

    /**
     * Fills in what was left open, and checks the whole.
     *
     * @param hasLog whether the bus has an event log.
     * @return this.
     * @throws IllegalArgumentException that names everything wrong, as {@code name=value}.
     */
    public SubscriptionContext conclude(final boolean hasLog) {
        withLog = hasLog;
        if (whenFull == null) {
            whenFull = hasLog && after != AfterStage.PUBLISHED ? WhenFull.EVICT : WhenFull.BLOCK;
        }
        if (after == null) {
            after = hasLog && lossless() ? AfterStage.RECORDED : AfterStage.PUBLISHED;
        }
        final List<String> problems = new ArrayList<>();
        check(problems, name != null && !name.isBlank(), "name=" + name + " is empty");
        check(problems, topics != null, "topics=null selects nothing");
        check(problems, lanes >= 1 && lanes <= SinkCapabilities.MAX_LANES,
            "lanes=" + lanes + " is not between 1 and " + SinkCapabilities.MAX_LANES);
        check(problems, conflateMaxKeys >= 1 && conflateMaxKeys <= MAX_CONFLATE_KEYS,
            "conflateMaxKeys=" + conflateMaxKeys + " is not between 1 and " + MAX_CONFLATE_KEYS);
        check(problems, maxBatchEvents >= 1, "maxBatchEvents=" + maxBatchEvents + " is less than 1");
        check(problems, maxBatchBytes >= SMALLEST_EVENT_BYTES,
            "maxBatchBytes=" + maxBatchBytes + " is less than " + SMALLEST_EVENT_BYTES);
        check(problems, maxTransactionBytes >= maxBatchBytes && maxTransactionBytes <= MAX_TRANSACTION_BYTES,
            "maxTransactionBytes=" + maxTransactionBytes + " is not between maxBatchBytes=" + maxBatchBytes
                + " and " + MAX_TRANSACTION_BYTES);
        check(problems, !wholeTransactions || lanes == 1,
            "lanes=" + lanes + " would tear the transactions that wholeTransactions=true asks for");
        check(problems, hasLog || whenFull != WhenFull.EVICT && after == AfterStage.PUBLISHED
                && from.kind() == StartPosition.Kind.NOW,
            "whenFull=" + whenFull + " after=" + after + " from=" + from + " needs an event log");
        check(problems, whenFull != WhenFull.EVICT || after != AfterStage.PUBLISHED,
            "after=" + after + " would let it get ahead of the event log that whenFull=" + whenFull + " reads from");
        check(problems, !wholeTransactions || lossless(),
            "whenFull=" + whenFull + " would tear the transactions that wholeTransactions=true asks for");
        check(problems, !wholeTransactions || !onPoison.parks(),
            "onPoison=" + onPoison + " would tear the transactions that wholeTransactions=true asks for");
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return this;
    }

    private static void check(final List<String> problems, final boolean holds, final String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }

    /**
     * Names it.
     *
     * @param value the name, unique on its bus.
     * @return this.
     */
    public SubscriptionContext name(final String value) {
        this.name = value;
        return this;
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /**
     * Selects events.
     *
     * @param value which topics.
     * @return this.
     */
    public SubscriptionContext topics(final TopicSelector value) {
        this.topics = value;
        return this;
    }

    /** {@return which topics} */
    public TopicSelector topics() {
        return topics;
    }

    /**
     * Delivers in parallel, with the events of one key always in the same lane.
     *
     * @param value the number of lanes, from 1.
     * @return this.
     */
    public SubscriptionContext lanes(final int value) {
        this.lanes = value;
        return this;
    }

    /** {@return the number of lanes} */
    public int lanes() {
        return lanes;
    }

    /**
     * Says what happens when the ring runs full while the sink is busy.
     *
     * @param value the policy.
     * @return this.
     */
    public SubscriptionContext whenFull(final WhenFull value) {
        this.whenFull = value;
        return this;
    }

    /** {@return what happens when the ring runs full; null when it was left open and the whole is not concluded} */
    public WhenFull whenFull() {
        return whenFull;
    }

    /** {@return whether nothing is lost, however slow the sink is} */
    public boolean lossless() {
        return whenFull == WhenFull.BLOCK || whenFull == WhenFull.EVICT;
    }

    /**
     * Says what it waits for.
     *
     * @param value the stage that an event must have reached.
     * @return this.
     */
    public SubscriptionContext after(final AfterStage value) {
        this.after = value;
        return this;
    }

    /** {@return what it waits for; null when it was left open and the whole is not concluded} */
    public AfterStage after() {
        return after;
    }

    /** {@return whether its position is kept in the event log} */
    public boolean durable() {
        return withLog && lossless() && after != AfterStage.PUBLISHED;
    }

    /**
     * Says where it begins when the event log has no position of it.
     *
     * @param value the place; other than now only on a bus with an event log.
     * @return this.
     */
    public SubscriptionContext from(final StartPosition value) {
        this.from = value;
        return this;
    }

    /** {@return where it begins when the event log has no position of it} */
    public StartPosition from() {
        return from;
    }

    /**
     * Bounds what {@link WhenFull#CONFLATE} keeps.
     *
     * @param value the number of keys, for each lane; events of further keys are dropped and counted.
     * @return this.
     */
    public SubscriptionContext conflateMaxKeys(final int value) {
        this.conflateMaxKeys = value;
        return this;
    }

    /** {@return the most keys kept} */
    public int conflateMaxKeys() {
        return conflateMaxKeys;
    }

    /**
     * Bounds a batch. A batch is handed over as soon as there is nothing more to read, so it is full only under load.
     *
     * @param events the most events.
     * @param bytes  the most bytes, which the last event of a batch may exceed.
     * @return this.
     */
    public SubscriptionContext batch(final int events, final int bytes) {
        this.maxBatchEvents = events;
        this.maxBatchBytes = bytes;
        return this;
    }

    /** {@return the most events of a batch} */
    public int maxBatchEvents() {
        return maxBatchEvents;
    }

    /** {@return the most bytes of a batch} */
    public int maxBatchBytes() {
        return maxBatchBytes;
    }

    /**
     * Delivers the transactions of a source whole, in one batch up to a bound and in parts beyond it.
     *
     * @param value    whether to.
     * @param maxBytes the bound in bytes.
     * @return this.
     */
    public SubscriptionContext wholeTransactions(final boolean value, final int maxBytes) {
        this.wholeTransactions = value;
        this.maxTransactionBytes = maxBytes;
        return this;
    }

    /** {@return whether transactions are delivered whole} */
    public boolean wholeTransactions() {
        return wholeTransactions;
    }

    /** {@return the most bytes of a transaction that is delivered in one batch} */
    public int maxTransactionBytes() {
        return maxTransactionBytes;
    }

    /**
     * Says how failures are handled.
     *
     * @param retries how retriable ones are tried again.
     * @param poison  what is done with an event that can never be delivered; parking needs an event log.
     * @return this.
     */
    public SubscriptionContext failures(final RetryOptions retries, final OnPoison poison) {
        this.retry = retries;
        this.onPoison = poison;
        return this;
    }

    /** {@return how retriable failures are tried again} */
    public RetryOptions retry() {
        return retry;
    }

    /** {@return what is done with an event that can never be delivered} */
    public OnPoison onPoison() {
        return onPoison;
    }

    /**
     * Says when the subscription leaves its target alone for a while; never unless set.
     *
     * @param value the options, or empty for never.
     * @return this.
     */
    public SubscriptionContext circuitBreaker(final Optional<CircuitBreakerOptions> value) {
        this.circuitBreaker = value;
        return this;
    }

    /** {@return when the subscription leaves its target alone for a while} */
    public Optional<CircuitBreakerOptions> circuitBreaker() {
        return circuitBreaker;
    }
}
