package io.headrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

/** Run by JUnit's thread, and in one test by another one beside it. */
class PollGateTest {
    private static final int ROUNDS = 300_000;
    private static final int SPIN_MASK = 15;

    private final AtomicInteger endings = new AtomicInteger();

    private PollGate gate() {
        return new PollGate(endings::incrementAndGet);
    }

    @Test
    void shouldEndWhenWhoPollsLeaves() {
        final PollGate gate = gate();
        assertTrue(gate.tryEnter());
        assertFalse(gate.tryEnter(), "one thread at a time");
        assertTrue(gate.refusal().getMessage().contains("another thread"));
        gate.close();
        assertEquals(0, endings.get());
        gate.leave(false);
        assertEquals(1, endings.get());
        assertFalse(gate.tryEnter());
        assertTrue(gate.refusal().getMessage().contains("closed"));
        gate.close();
        assertEquals(1, endings.get());
    }

    /** Whoever comes second sees that the other one was there, whichever way the two fall together. */
    @Test
    void shouldEndOnceThoughItIsClosedWhileAThreadLeaves() throws InterruptedException {
        final PollGate[] gates = new PollGate[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            gates[i] = gate();
        }
        final AtomicInteger polled = new AtomicInteger(-1);
        final Thread poller = new Thread(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                final boolean entered = gates[i].tryEnter();
                polled.setOpaque(i);
                for (int spin = i & SPIN_MASK; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                if (entered) {
                    gates[i].leave(false);
                }
            }
        });
        poller.start();
        for (int i = 0; i < ROUNDS; i++) {
            while (polled.getOpaque() < i) {
                Thread.onSpinWait();
            }
            gates[i].close();
        }
        poller.join();

        assertEquals(ROUNDS, endings.get());
    }
}
