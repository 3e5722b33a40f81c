package io.headrace.aeron.link;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingAnswersTest {
    private final PendingAnswers pending = new PendingAnswers(4);
    private final List<String> sent = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    private boolean send(final long correlationId, final long answer) {
        if (room == 0) {
            return false;
        }
        room--;
        sent.add(correlationId + ":" + answer);
        return true;
    }

    @Test
    void shouldSendInOrderWhatIsReached() {
        pending.add(1, 10, 10);
        pending.add(2, -8, 15);
        pending.add(3, 20, 20);
        assertFalse(pending.hasUpTo(9));
        assertTrue(pending.hasUpTo(10));
        assertEquals(2, pending.sendUpTo(19, this::send));
        assertEquals(List.of("1:10", "2:-8"), sent);
        assertEquals(1, pending.sendUpTo(20, this::send));
        assertTrue(pending.isEmpty());
    }

    @Test
    void shouldKeepWhatFindsNoRoom() {
        room = 1;
        pending.add(1, 10, -1);
        pending.add(2, 11, -1);
        assertEquals(1, pending.sendUpTo(-1, this::send));
        room = 1;
        assertEquals(1, pending.sendUpTo(-1, this::send));
        assertEquals(List.of("1:10", "2:11"), sent);
    }

    @Test
    void shouldBeFullAtItsBound() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertFalse(pending.isFull());
                pending.add(i, i, i);
            }
            assertTrue(pending.isFull());
            assertEquals(4, pending.sendUpTo(3, this::send));
            assertFalse(pending.isFull());
        }
        assertEquals(12, sent.size());
    }
}
