package io.headrace.adapters.postgres.replication;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfirmationsTest {
    private final Confirmations confirmations = new Confirmations();

    @Test
    void shouldConfirmOnlyWhatIsFinished() {
        confirmations.onCommitted(10, 1000);
        confirmations.onCommitted(20, 2000);
        assertEquals(0, confirmations.advance(9));
        assertEquals(1000, confirmations.advance(10));
        assertEquals(1000, confirmations.advance(19));
        assertFalse(confirmations.isEmpty());
        assertEquals(2000, confirmations.advance(50));
        assertTrue(confirmations.isEmpty());
    }

    @Test
    void shouldConfirmTransactionsWithoutEventsWithTheLastOneThatHasSome() {
        confirmations.onCommitted(10, 1000);
        confirmations.onCommitted(10, 1100);
        assertEquals(0, confirmations.advance(9));
        assertEquals(1100, confirmations.advance(10));
    }

    @Test
    void shouldConfirmLaterButNeverTooMuchWhenFull() {
        final int count = 100_000;
        for (int i = 1; i <= count; i++) {
            confirmations.onCommitted(i, i * 100L);
        }
        for (int finished = 0; finished <= count; finished += 37) {
            assertTrue(confirmations.advance(finished) <= finished * 100L, "finished=" + finished);
        }
        assertEquals(count * 100L, confirmations.advance(count));
        assertTrue(confirmations.isEmpty());
    }

    @Test
    void shouldNeverGoBack() {
        confirmations.raise(500);
        confirmations.onCommitted(1, 400);
        assertEquals(500, confirmations.advance(1));
        assertEquals(500, confirmations.raise(450));
    }
}
