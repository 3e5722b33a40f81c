package io.headrace.bus.publish;

import org.agrona.DirectBuffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A window of message ids that several publishing threads share. Each holds it for the moment of one look-up; the
 * others spin meanwhile, and yield when the holder seems to have lost its core.
 */
final class SharedMessageIdWindow {
    private static final int SPINS_BEFORE_YIELD = 100;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SharedMessageIdWindow.class, "held", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final MessageIdWindow window;
    private volatile boolean held;

    SharedMessageIdWindow(final int capacity) {
        window = new MessageIdWindow(capacity);
    }

    /** As {@link MessageIdWindow#addIfAbsent(DirectBuffer, int, int)}. */
    boolean addIfAbsent(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        hold();
        try {
            return window.addIfAbsent(buffer, offset, lengthBytes);
        } finally {
            HELD.setRelease(this, false);
        }
    }

    /** As {@link MessageIdWindow#copyFrom(MessageIdWindow)}. */
    void copyFrom(final MessageIdWindow other) {
        hold();
        try {
            window.copyFrom(other);
        } finally {
            HELD.setRelease(this, false);
        }
    }

    private void hold() {
        int spins = 0;
        while (!HELD.compareAndSet(this, false, true)) {
            if (++spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
