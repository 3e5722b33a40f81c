package io.headrace.bus.delivery;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.log.LogException;
import io.headrace.codecs.EventView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the batches of one lane to its sink until all of it is finished, or the flow must stop. Owned by the lane's
 * thread, which waits in it between retries; interrupting that thread ends the waiting.
 */
public final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String flowName;
    private final Sink sink;
    private final OnPoison onPoison;
    private final Health health;
    private final DeliveryCounters counters;
    private final FlowBreaker breaker;
    /** Null without an event log. */
    private final LaneParking parking;
    private final FailsafeExecutor<Object> retrying;

    /** How many events at the start of the batch in hand are finished, kept over attempts. */
    private int finishedCount;

    /**
     * Makes the delivery of one lane.
     *
     * @param context its configuration.
     * @throws IllegalArgumentException when it parks and has no parking lot.
     */
    public Delivery(final DeliveryContext context) {
        flowName = context.flowName();
        sink = context.sink();
        onPoison = context.onPoison();
        health = context.health();
        counters = context.counters();
        breaker = context.breaker();
        parking = context.parking().orElse(null);
        retrying = Failsafe.with(retryPolicy(context.retry()));
    }

    /**
     * Makes the delivery of one lane, without a circuit breaker and without parking.
     *
     * @param flowName for messages.
     * @param sink     of the lane.
     * @param retry    how retriable failures are tried again.
     * @param onPoison what is done with an event that the sink can never take.
     * @param health   of the flow.
     * @param counters of the flow.
     */
    public Delivery(
        final String flowName,
        final Sink sink,
        final RetryOptions retry,
        final OnPoison onPoison,
        final Health health,
        final DeliveryCounters counters) {
        this(new DeliveryContext()
            .flowName(flowName).sink(sink).failures(retry, onPoison).monitor(health, counters));
    }

    private RetryPolicy<Object> retryPolicy(final RetryOptions retry) {
        final RetryPolicyBuilder<Object> builder = RetryPolicy.builder()
            .handleIf(failure ->
                failure instanceof final DeliveryException ex && ex.failureClass() == FailureClass.RETRIABLE)
            .withJitter(retry.jitter())
            .withMaxRetries(retry.maxRetries().orElse(-1))
            .onRetryScheduled(event -> {
                counters.retries().increment();
                final String pause = breaker.pauseReason();
                health.down(event.getLastException().getMessage() + " (attempt " + event.getAttemptCount()
                    + (pause.isEmpty() ? ")" : "; " + pause + ")"));
            });
        if (retry.initial().compareTo(retry.max()) < 0) {
            builder.withBackoff(retry.initial(), retry.max());
        } else {
            builder.withDelay(retry.initial());
        }
        retry.maxDuration().ifPresent(builder::withMaxDuration);
        return builder.build();
    }

    /**
     * Delivers the whole batch. Events that are left out as poison or parked are no longer in the batch afterwards.
     *
     * @param batch at least one event.
     * @throws FlowStoppedException when the flow cannot go on.
     * @throws InterruptedException when the thread was interrupted; what is not finished counts as not delivered.
     */
    public void deliver(final EventBatch batch) throws FlowStoppedException, InterruptedException {
        finishedCount = 0;
        try {
            leaveOutParked(batch);
            while (finishedCount < batch.heldCount()) {
                try {
                    tryUntilFinished(batch);
                } catch (final DeliveryException ex) {
                    handle(ex, batch);
                }
            }
        } catch (final DeliveryException ex) {
            throw stopped(ex.getMessage(), ex);
        } catch (final LogException ex) {
            throw stopped("the event log does not take what is to be parked: " + ex.getMessage(), ex);
        }
        health.up();
        counters.deliveredEvents().getAndAdd(batch.heldCount());
        counters.batches().increment();
    }

    /**
     * Does what people asked of the parking lot, and gives to the sink what need not be held back any longer. Called by
     * the lane between two batches, when {@link #hasWork(long)} says so. Like {@link #deliver} it is in the sink
     * meanwhile, and touches no memory of the ring.
     *
     * @param finishedSequence the lane's position.
     * @return the amount of work done.
     * @throws FlowStoppedException when the flow cannot go on.
     * @throws InterruptedException when the thread was interrupted.
     */
    public int doWork(final long finishedSequence) throws FlowStoppedException, InterruptedException {
        if (!hasWork(finishedSequence)) {
            return 0;
        }
        try {
            return parking.doWork(finishedSequence, onPoison == OnPoison.PARK_KEY, this::deliverSingle);
        } catch (final DeliveryException ex) {
            throw stopped(ex.getMessage(), ex);
        } catch (final LogException ex) {
            throw stopped("the event log does not take what became of a parked event: " + ex.getMessage(), ex);
        }
    }

    /**
     * Whether {@link #doWork(long)} has something to do; a few reads, for the lane's idling.
     *
     * @param finishedSequence the lane's position.
     * @return true when it has.
     */
    public boolean hasWork(final long finishedSequence) {
        return parking != null && parking.hasWork(finishedSequence);
    }

    /**
     * The lane ends: from now on its parking lot replays nothing, and drops only what the lane is past.
     *
     * @param finishedSequence the lane's position.
     */
    public void close(final long finishedSequence) {
        if (parking != null) {
            parking.close(finishedSequence);
        }
    }

    /** {@return how the circuit breaker of the flow is; for any thread} */
    public BreakerState breakerState() {
        return breaker.state();
    }

    private void leaveOutParked(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (parking != null) {
            parking.leaveOut(batch, finishedCount, onPoison == OnPoison.PARK_KEY);
        }
    }

    private void deliverSingle(final EventBatch single)
        throws DeliveryException, FlowStoppedException, InterruptedException {
        finishedCount = 0;
        try {
            tryUntilFinished(single);
        } catch (final DeliveryException ex) {
            if (ex.failureClass() == FailureClass.POISON) {
                throw ex;
            }
            handle(ex, single);
        }
        health.up();
        counters.deliveredEvents().increment();
    }

    /** As long as it fails with what may pass, and the budget allows. */
    private void tryUntilFinished(final EventBatch batch) throws DeliveryException, InterruptedException {
        try {
            retrying.run(() -> attempt(batch));
        } catch (final FailsafeException ex) {
            if (ex.getCause() instanceof InterruptedException) {
                throw (InterruptedException)new InterruptedException(flowName).initCause(ex);
            }
            throw (DeliveryException)ex.getCause();
        }
    }

    private void attempt(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (finishedCount == batch.heldCount()) {
            // The last failure came with the last event finished: there is nothing left to try again.
            return;
        }
        breaker.await(health);
        batch.window(finishedCount, batch.heldCount());
        boolean away = true;
        try {
            sink.deliver(batch);
            finishedCount = batch.heldCount();
            away = false;
        } catch (final DeliveryException ex) {
            away = ex.failureClass() == FailureClass.RETRIABLE;
            final int deliveredCount = Math.min(Math.max(0, ex.deliveredCount()), batch.size());
            finishedCount += deliveredCount;
            throw ex;
        } catch (final RuntimeException | Error ex) {
            throw DeliveryException.fatal(
                0, "The sink threw " + ex + ", which is a fault in the adapter. Report it with the log.", ex);
        } finally {
            // Always one of both: a trial without a result would keep the other lanes waiting.
            if (away) {
                breaker.failed();
            } else {
                breaker.succeeded();
            }
        }
    }

    /** Called with the window of the attempt that failed still in place. */
    private void handle(final DeliveryException failure, final EventBatch batch)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        switch (failure.failureClass()) {
            case RETRIABLE -> throw stopped("the retries are used up: " + failure.getMessage(), failure);
            case FATAL -> throw stopped(failure.getMessage(), failure);
            case POISON -> handlePoison(failure, batch);
            default -> throw new IllegalStateException("failureClass=" + failure.failureClass());
        }
    }

    private void handlePoison(final DeliveryException failure, final EventBatch batch)
        throws FlowStoppedException, DeliveryException, InterruptedException {
        final int index = failure.poisonIndex();
        if (index >= batch.size()) {
            throw stopped("the sink named poison event " + index + " of a batch of " + batch.size(), failure);
        }
        final EventView event = batch.event(index);
        final String which = "event " + event.sequence() + " of topic " + event.topic() + " from " + event.source();
        if (onPoison == OnPoison.STOP) {
            throw stopped("it can never deliver " + which + ": " + failure.getMessage()
                + " Mend the target, or set on-poison: skip to leave such events out, or, with an event log,"
                + " park-event to keep them for later.", failure);
        }
        if (onPoison.parks()) {
            parking.park(event, failure.getMessage(), 1, false);
        }
        counters.poisonEvents().increment();
        LOG.warn("flow {} {} {}: {}", flowName, onPoison.parks() ? "parked" : "left out", which, failure.getMessage());
        batch.remove(index);
        leaveOutParked(batch);
    }

    private FlowStoppedException stopped(final String reason, final Throwable cause) {
        final String message = "Flow " + flowName + " stopped: " + reason;
        health.failed(message);
        return new FlowStoppedException(message, cause);
    }
}
