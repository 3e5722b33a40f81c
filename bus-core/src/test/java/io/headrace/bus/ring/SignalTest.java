package io.headrace.bus.ring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A wake-up that is lost shows as a test that does not end: nobody here blocks for less than an hour. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalTest {
    private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);
    private static final int ROUNDS = 20_000;
    /** Odd, so that the two sides meet at ever other points. */
    private static final int MAX_PAUSE_SPINS = 211;

    private final Signal signal = new Signal(true);

    /** Everybody answers each round before the next one begins, so that each round needs all wake-ups. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldWakeEveryWaiterForEachOfManyPublications(final int waiterCount) throws Exception {
        final AtomicLong published = new AtomicLong();
        final Signal answered = new Signal(true);
        final List<AtomicLong> answers = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < waiterCount; i++) {
            final AtomicLong answer = new AtomicLong();
            answers.add(answer);
            threads.add(start(() -> {
                final Signal.Waiter waiter = signal.newWaiter();
                for (long round = 1; round <= ROUNDS; round++) {
                    pause(round);
                    awaitRound(waiter, published, round);
                    answer.set(round);
                    answered.signalAllWhenBlocking();
                }
            }));
        }
        final Signal.Waiter waiter = answered.newWaiter();
        for (long round = 1; round <= ROUNDS; round++) {
            published.set(round);
            signal.signalAllWhenBlocking();
            for (final AtomicLong answer : answers) {
                awaitRound(waiter, answer, round);
            }
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        for (final AtomicLong answer : answers) {
            assertEquals(ROUNDS, answer.get());
        }
    }

    /** Whoever publishes takes others' waiters along; none may fall between two that signal at once. */
    @Test
    void shouldWakeAWaiterWhenSeveralSignalAtOnce() throws Exception {
        final List<AtomicLong> published = List.of(new AtomicLong(), new AtomicLong());
        final AtomicLong seen = new AtomicLong();
        final Signal taken = new Signal(true);
        final List<Thread> threads = new ArrayList<>();
        for (final AtomicLong mine : published) {
            threads.add(start(() -> {
                final Signal.Waiter waiter = taken.newWaiter();
                for (long round = 1; round <= ROUNDS; round++) {
                    mine.set(round);
                    signal.signalAllWhenBlocking();
                    pause(round);
                    awaitRound(waiter, seen, round);
                }
            }));
        }
        final Signal.Waiter waiter = signal.newWaiter();
        for (long round = 1; round <= ROUNDS; round++) {
            for (final AtomicLong one : published) {
                awaitRound(waiter, one, round);
            }
            seen.set(round);
            taken.signalAllWhenBlocking();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(ROUNDS, seen.get());
    }

    @Test
    void shouldNotBlockWhenThereIsSomethingToDo() {
        signal.newWaiter().await(() -> true, LONG_NS);
    }

    @Test
    void shouldReturnAfterTheTimeout() {
        signal.newWaiter().await(() -> false, 1);
    }

    @Test
    void shouldReturnWhenInterruptedAndLeaveItSet() {
        Thread.currentThread().interrupt();
        signal.newWaiter().await(() -> false, LONG_NS);
        assertTrue(Thread.interrupted());
    }

    /** A thread that ended while it was on the list costs one wake-up, and stops nobody. */
    @Test
    void shouldWakeOthersBehindAThreadThatHasEnded() throws Exception {
        final Signal.Waiter mine = signal.newWaiter();
        mine.await(() -> true, LONG_NS);
        final Thread gone = start(() -> signal.newWaiter().await(() -> true, LONG_NS));
        gone.join();
        assertFalse(gone.isAlive());
        signal.signalAllWhenBlocking();
        // Its permit was given: it does not block, and after that it is on the list again.
        mine.await(() -> false, LONG_NS);
    }

    private static void awaitRound(final Signal.Waiter waiter, final AtomicLong number, final long round) {
        final BooleanSupplier ready = () -> number.get() >= round;
        while (!ready.getAsBoolean()) {
            waiter.await(ready, LONG_NS);
        }
    }

    private static void pause(final long round) {
        for (long i = round % MAX_PAUSE_SPINS; i > 0; i--) {
            Thread.onSpinWait();
        }
        if (round % MAX_PAUSE_SPINS == 0) {
            LockSupport.parkNanos(1);
        }
    }

    private static Thread start(final Runnable work) {
        final Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
