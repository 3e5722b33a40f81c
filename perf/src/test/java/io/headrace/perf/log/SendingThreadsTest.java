package io.headrace.perf.log;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SendingThreadsTest {
    @Test
    void shouldShareOutEveryEventAndWaitForAll() throws InterruptedException {
        final Map<Integer, Long> shares = new ConcurrentHashMap<>();
        SendingThreads.run(4, 10, shares::put);
        assertEquals(Map.of(0, 3L, 1, 3L, 2, 2L, 3, 2L), shares);
    }

    @Test
    void shouldTellOfAThreadThatFailed() {
        final RuntimeException cause = new RuntimeException("no room");
        final IllegalStateException thrown = assertThrows(IllegalStateException.class,
            () -> SendingThreads.run(3, 3, (thread, share) -> {
                if (thread == 1) {
                    throw cause;
                }
            }));
        assertSame(cause, thrown.getCause());
    }
}
