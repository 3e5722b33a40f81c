package io.headrace.bus.subscription;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who may use a lane's reader: the lane's thread, or the conductor while the lane's thread is in its sink.
 *
 * <pre>
 *                 beginDelivery                tryEvict
 *      READING ─────────────────▶ DELIVERING ───────────▶ DRAINING
 *         ▲                          │                     │    ▲
 *         │       endDelivery        │             drained │    │ tryEvict
 *         ├──────────────────────────┘                     ▼    │
 *         └─────────────────────────────────────────────  EVICTED
 *                 endDelivery (answers true: it was evicted)
 * </pre>
 *
 * Two threads use it, the lane's ({@code beginDelivery}, {@code endDelivery}) and the conductor's ({@code tryEvict},
 * {@code drained}). Every change of hands is a compare-and-set, so that what one side wrote to the reader before it
 * is seen by the other after it.
 */
final class EvictionHandshake {
    static final int READING = 0;
    static final int DELIVERING = 1;
    static final int DRAINING = 2;
    static final int EVICTED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(EvictionHandshake.class, "state", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private volatile int state = READING;

    /** The lane's thread goes into its sink, and does not touch the reader until {@link #endDelivery()}. */
    void beginDelivery() {
        state = DELIVERING;
    }

    /**
     * The lane's thread is back, and takes the reader again; it waits while the conductor drains, which is short.
     *
     * @return true when the lane was evicted meanwhile.
     */
    boolean endDelivery() {
        while (true) {
            if (STATE.compareAndSet(this, DELIVERING, READING)) {
                return false;
            }
            if (STATE.compareAndSet(this, EVICTED, READING)) {
                return true;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * The conductor wants the reader of a lane that is in its sink.
     *
     * @return true when it has it, until {@link #drained()}.
     */
    boolean tryEvict() {
        return STATE.compareAndSet(this, DELIVERING, DRAINING) || STATE.compareAndSet(this, EVICTED, DRAINING);
    }

    /** The conductor lets the reader go; the lane stays evicted until its thread is back. */
    void drained() {
        state = EVICTED;
    }

    /** {@return one of the states, for people to look at} */
    int state() {
        return state;
    }
}
