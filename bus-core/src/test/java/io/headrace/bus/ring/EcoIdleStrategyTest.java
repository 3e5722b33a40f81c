package io.headrace.bus.ring;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EcoIdleStrategyTest {
    private static final int MOST = 1000;

    private long nowNs;
    private int blockCount;

    /** Whoever is about to block is asked once more for something to do, and here always has it. */
    private EcoIdleStrategy newStrategy(final long turnNs) {
        return new EcoIdleStrategy(new Signal(true), () -> ++blockCount > 0, 1_000_000, () -> nowNs += turnNs);
    }

    private int idleUntilItBlocks(final EcoIdleStrategy strategy) {
        final int before = blockCount;
        int count = 0;
        while (blockCount == before && count < MOST) {
            strategy.idle(0);
            count++;
        }
        return count;
    }

    @Test
    void shouldSpinForANumberOfShortTurns() {
        assertEquals(201, idleUntilItBlocks(newStrategy(10)));
    }

    @Test
    void shouldSpinForATimeWhenTurnsAreLong() {
        assertEquals(5, idleUntilItBlocks(newStrategy(2_500)));
    }

    @Test
    void shouldSpinAgainAfterWork() {
        final EcoIdleStrategy strategy = newStrategy(2_500);
        idleUntilItBlocks(strategy);
        strategy.idle(0);
        assertEquals(2, blockCount, "it goes on blocking while there is no work");
        strategy.idle(1);
        assertEquals(5, idleUntilItBlocks(strategy));
    }
}
