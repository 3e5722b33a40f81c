package io.headrace.bus.delivery;

import dev.failsafe.CircuitBreaker;
import io.headrace.bus.adapter.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The circuit breaker of one flow, shared by the threads of its lanes: after some retriable failures in a row none of
 * them calls its sink for a while, then one does. The lanes wait in it, each in the middle of an attempt that has not
 * begun, so that the pause takes nothing of the retries' budget of attempts. The bus and other flows are not touched.
 */
public final class FlowBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(FlowBreaker.class);
    private static final long LOOK_INTERVAL_MS = 1000;

    private final String flowName;
    /** Null for a flow without a breaker. */
    private final CircuitBreaker<Object> breaker;
    private volatile Instant openUntil = Instant.EPOCH;

    /**
     * Makes the breaker of one flow, closed.
     *
     * @param flowName for messages.
     * @param options  empty for a flow that has none: deliveries always go on.
     */
    public FlowBreaker(final String flowName, final Optional<CircuitBreakerOptions> options) {
        this.flowName = flowName;
        breaker = options.map(this::build).orElse(null);
    }

    private CircuitBreaker<Object> build(final CircuitBreakerOptions options) {
        final Duration delay = options.delay();
        return CircuitBreaker.builder()
            .withFailureThreshold(options.failures())
            .withSuccessThreshold(1)
            .withDelay(delay)
            .onOpen(event -> {
                openUntil = Instant.now().plus(delay).truncatedTo(ChronoUnit.MILLIS);
                LOG.warn("flow {} pauses until {} after {} failures in a row", flowName, openUntil, options.failures());
            })
            .onClose(event -> LOG.info("flow {} goes on: the trial succeeded", flowName))
            .build();
    }

    /** Waits until the sink may be called, of which the caller then tells the result. */
    void await(final Health health) throws InterruptedException {
        if (breaker == null) {
            return;
        }
        synchronized (breaker) {
            while (!breaker.tryAcquirePermit()) {
                health.down(pauseReason());
                // While another lane makes the trial there is no delay left, and its result ends the waiting.
                final long remainingMs = breaker.getRemainingDelay().toMillis();
                breaker.wait(remainingMs > 0 ? remainingMs : breaker.isOpen() ? 1 : LOOK_INTERVAL_MS);
            }
        }
    }

    /** The target was there, whatever it thought of the events. */
    void succeeded() {
        if (breaker != null) {
            synchronized (breaker) {
                breaker.recordSuccess();
                breaker.notifyAll();
            }
        }
    }

    /** The target was away. */
    void failed() {
        if (breaker != null) {
            synchronized (breaker) {
                breaker.recordFailure();
                breaker.notifyAll();
            }
        }
    }

    /** {@return why the flow pauses, empty while it does not} */
    String pauseReason() {
        return switch (state()) {
            case OPEN -> "circuit open until " + openUntil;
            case HALF_OPEN -> "circuit half-open: one delivery is tried";
            default -> "";
        };
    }

    /** {@return how it is; for any thread} */
    public BreakerState state() {
        return breaker == null ? BreakerState.OFF : switch (breaker.getState()) {
            case CLOSED -> BreakerState.CLOSED;
            case OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
        };
    }
}
