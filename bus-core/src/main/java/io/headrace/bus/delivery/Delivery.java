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
    private final FailsafeExecutor<Object> retrying;

    /** How many events at the start of the batch in hand are finished, kept over attempts. */
    private int finishedCount;

    /**
     * Makes the delivery of one lane.
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
        this.flowName = flowName;
        this.sink = sink;
        this.onPoison = onPoison;
        this.health = health;
        this.counters = counters;
        this.retrying = Failsafe.with(retryPolicy(retry));
    }

    private RetryPolicy<Object> retryPolicy(final RetryOptions retry) {
        final RetryPolicyBuilder<Object> builder = RetryPolicy.builder()
            .handleIf(failure ->
                failure instanceof final DeliveryException ex && ex.failureClass() == FailureClass.RETRIABLE)
            .withJitter(retry.jitter())
            .withMaxRetries(retry.maxRetries().orElse(-1))
            .onRetryScheduled(event -> {
                counters.retries().increment();
                health.down(event.getLastException().getMessage() + " (attempt " + event.getAttemptCount() + ")");
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
     * Delivers the whole batch. Events that are left out as poison are no longer in the batch afterwards.
     *
     * @param batch at least one event.
     * @throws FlowStoppedException when the flow cannot go on.
     * @throws InterruptedException when the thread was interrupted; what is not finished counts as not delivered.
     */
    public void deliver(final EventBatch batch) throws FlowStoppedException, InterruptedException {
        finishedCount = 0;
        while (finishedCount < batch.heldCount()) {
            try {
                retrying.run(() -> attempt(batch));
            } catch (final FailsafeException ex) {
                if (ex.getCause() instanceof InterruptedException) {
                    throw (InterruptedException)new InterruptedException(flowName).initCause(ex);
                }
                handle((DeliveryException)ex.getCause(), batch);
            }
        }
        health.up();
        counters.deliveredEvents().getAndAdd(batch.heldCount());
        counters.batches().increment();
    }

    private void attempt(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (finishedCount == batch.heldCount()) {
            // The last failure came with the last event finished: there is nothing left to try again.
            return;
        }
        batch.window(finishedCount, batch.heldCount());
        try {
            sink.deliver(batch);
            finishedCount = batch.heldCount();
        } catch (final DeliveryException ex) {
            final int deliveredCount = Math.min(Math.max(0, ex.deliveredCount()), batch.size());
            finishedCount += deliveredCount;
            throw ex;
        } catch (final RuntimeException | Error ex) {
            throw DeliveryException.fatal(
                0, "The sink threw " + ex + ", which is a fault in the adapter. Report it with the log.", ex);
        }
    }

    /** Called with the window of the attempt that failed still in place. */
    private void handle(final DeliveryException failure, final EventBatch batch) throws FlowStoppedException {
        switch (failure.failureClass()) {
            case RETRIABLE -> throw stopped("the retries are used up: " + failure.getMessage(), failure);
            case FATAL -> throw stopped(failure.getMessage(), failure);
            case POISON -> handlePoison(failure, batch);
            default -> throw new IllegalStateException("failureClass=" + failure.failureClass());
        }
    }

    private void handlePoison(final DeliveryException failure, final EventBatch batch) throws FlowStoppedException {
        final int index = failure.poisonIndex();
        if (index >= batch.size()) {
            throw stopped("the sink named poison event " + index + " of a batch of " + batch.size(), failure);
        }
        final EventView event = batch.event(index);
        final String which = "event " + event.sequence() + " of topic " + event.topic() + " from " + event.source();
        if (onPoison == OnPoison.STOP) {
            throw stopped("it can never deliver " + which + ": " + failure.getMessage()
                + " Mend the target, or set on-poison: skip to leave such events out.", failure);
        }
        counters.poisonEvents().increment();
        LOG.warn("flow {} left out {}: {}", flowName, which, failure.getMessage());
        batch.remove(index);
    }

    private FlowStoppedException stopped(final String reason, final Throwable cause) {
        final String message = "Flow " + flowName + " stopped: " + reason;
        health.failed(message);
        return new FlowStoppedException(message, cause);
    }
}
