package io.headrace.bus.log;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.simulation.ManualClock;
import io.headrace.bus.simulation.SimulatedDisk;
import io.headrace.bus.simulation.StorageFaults;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecorderTest {
    private static final int PATIENCE_MS = 30_000;

    private static List<Long> upTo(final long last) {
        return LongStream.rangeClosed(0, last).boxed().toList();
    }

    @Test
    void shouldReleaseTheRingOnlyForWhatIsRecorded() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.log.hold(true);
        int number = 0;
        while (bench.publish(number) >= 0) {
            number++;
        }
        bench.turns(5);
        assertEquals(-2, bench.publish(number), "nothing is recorded, so that the ring is full");
        assertEquals(-1, bench.recorder.recordedSequence().get());
        bench.log.hold(false);
        bench.log.recordAll();
        bench.turns(1);
        assertTrue(bench.publish(number) >= 0);
        assertEquals(upTo(number - 1), bench.recordedNumbers());
    }

    @Test
    void shouldAppendAgainFromTheRingWhatTheStorageLost() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.publish(0);
        bench.turns(3);
        bench.log.recordAll();
        bench.turns(1);
        bench.log.hold(true);
        for (int number = 1; number <= 5; number++) {
            bench.publish(number);
        }
        bench.turns(1);
        bench.log.breakFor(3);
        bench.turns(1);
        assertEquals(Health.State.DOWN, bench.health.state());
        bench.publish(6);
        bench.log.hold(false);
        bench.turns(40);
        assertEquals(Health.State.UP, bench.health.state());
        assertEquals(upTo(6), bench.recordedNumbers());
        assertEquals(bench.ring.claimedSequence(), bench.recorder.recordedSequence().get());
        assertEquals(6, bench.recoveredNumber());
    }

    /** The state knows of events that the storage lost: told in a checkpoint, a crash would lose them for good. */
    @Test
    void shouldNotTellOfLostEventsInACheckpoint() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.log.hold(true);
        for (int number = 0; number <= 5; number++) {
            bench.publish(number);
        }
        bench.turns(1);
        bench.log.breakFor(1);
        bench.log.full(true);
        bench.turns(4);
        bench.log.full(false);
        bench.log.hold(false);
        while (bench.recordedNumbers().size() < 6) {
            final List<Long> recorded = bench.recordedNumbers();
            assertEquals(recorded.isEmpty() ? -1 : recorded.get(recorded.size() - 1), bench.recoveredNumber());
            bench.turns(1);
        }
        assertEquals(upTo(5), bench.recordedNumbers());
    }

    @Test
    @Timeout(60)
    void shouldLetControlMessagesWaitUntilTheyAreRecorded() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.log.hold(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread asking = new Thread(() -> {
            try {
                final ControlMessages messages = new ControlMessages();
                bench.recorder.append(messages.buffer(), 0, messages.position("s", new long[]{-1, -1}, 1));
            } catch (final InterruptedException | RuntimeException ex) {
                failure.set(ex);
            }
        });
        asking.start();
        final long before = bench.log.appendedPosition();
        while (bench.log.appendedPosition() == before) {
            bench.recorder.doWork();
        }
        bench.turns(3);
        assertTrue(asking.isAlive(), "it must not return before its message is recorded");
        bench.log.breakFor(1);
        bench.turns(3);
        assertTrue(asking.isAlive(), "the storage lost its message");
        bench.log.hold(false);
        while (asking.isAlive() && bench.recovered().position("s").isEmpty()) {
            bench.turns(1);
        }
        bench.turns(1);
        asking.join(PATIENCE_MS);
        assertFalse(asking.isAlive());
        assertNull(failure.get());
        assertArrayEquals(new long[]{-1, -1}, bench.recovered().position("s").orElseThrow());
    }

    @Test
    @Timeout(60)
    void shouldTellWhoWaitsWhenTheLogIsClosed() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.recorder.onClose();
        final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
        final LogException closed = assertThrows(
            LogException.class, () -> bench.recorder.append(message, 0, 64));
        assertEquals(LogException.Category.STORAGE, closed.category());
    }

    @Test
    void shouldRecordOnCloseWhatTheRingHoldsAndEveryPosition() {
        for (int seed = 0; seed < 50; seed++) {
            final LogBench bench = new LogBench(new SimulatedDisk(1), new ManualClock(),
                new StorageFaults(new SplittableRandom(seed), 60, 100, 0)).begin();
            for (int number = 0; number <= 5; number++) {
                bench.publish(number);
            }
            bench.abort(3);
            bench.subscription("a", bench.ring.claimedSequence());
            bench.subscription("b", 2, -1, 7);
            bench.recorder.onClose();
            assertEquals(upTo(5), bench.recordedNumbers());
            assertEquals(5, bench.recoveredNumber());
            assertArrayEquals(new long[]{bench.ring.claimedSequence()},
                bench.recovered().position("a").orElseThrow(), "seed " + seed);
            assertArrayEquals(new long[]{2, -1, 7}, bench.recovered().position("b").orElseThrow(), "seed " + seed);
            assertEquals(bench.ring.claimedSequence() + 1, bench.disk.nextSequence(), "its sequences are spent");
        }
    }

    /** A checkpoint that finds no room is gone on with later; no newer position may come in between. */
    @Test
    void shouldNotTearACheckpoint() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.subscription("a", -1);
        for (int number = 0; number < 12; number++) {
            bench.publish(number);
        }
        bench.turns(40);
        bench.subscriptions.clear();
        bench.log.breakFor(1);
        bench.turns(1);
        // The checkpoint that follows a failure; each turn has room for one message at the most.
        final long[] moving = {-1};
        bench.subscriptions.add(new DurablePosition() {
            @Override
            public String name() {
                return "a";
            }

            @Override
            public long[] finishedSequences() {
                return moving.clone();
            }
        });
        bench.log.roomPerTurn(1);
        for (int turn = 0; turn < 40; turn++) {
            moving[0] = Math.min(bench.recorder.recordedSequence().get(), moving[0] + 1);
            bench.turns(1);
            assertArrayEquals(newestPosition(bench), bench.recovered().position("a").orElseThrow(), "turn " + turn);
        }
    }

    private static long[] newestPosition(final LogBench bench) {
        final LogState all = new LogState(bench.disk.logId());
        long[] newest = {-1};
        for (int i = 0; i < bench.disk.size(); i++) {
            final SimulatedDisk.Entry entry = bench.disk.entry(i);
            all.onRecord(entry.type(), entry.sequence(), entry.nextSequence(), entry.position(), entry.bytes(), 0,
                entry.bytes().capacity());
            final long[] told = all.position("a").orElse(newest);
            newest = told[0] > newest[0] ? told : newest;
        }
        return newest;
    }

    @Test
    void shouldBeginAgainWhenTheStorageFailsInTheBeginning() {
        for (int seed = 0; seed < 100; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(1);
            final ManualClock clock = new ManualClock();
            for (int epoch = 1; epoch <= 4; epoch++) {
                final LogBench bench = new LogBench(
                    disk, clock, new StorageFaults(new SplittableRandom(seed * 10L + epoch), 30, 300, 0)).begin();
                assertEquals(epoch, bench.recovered().epochs().epoch(), "seed " + seed);
                bench.log.crash();
            }
        }
    }

    /** Whatever a crash leaves, no position is ahead of the sequences that are given next. */
    @Test
    void shouldNotRecordAPositionAheadOfTheLog() throws Exception {
        final LogBench bench = new LogBench().begin();
        for (int number = 0; number < 6; number++) {
            bench.publish(number);
        }
        // From now: behind what is published.
        bench.subscription("s", bench.ring.claimedSequence());
        bench.log.roomPerTurn(1);
        bench.turns(40);
        assertEquals(bench.ring.claimedSequence(), bench.recovered().position("s").orElseThrow()[0]);
        final LogState all = new LogState(bench.disk.logId());
        for (int i = 0; i < bench.disk.size(); i++) {
            final SimulatedDisk.Entry entry = bench.disk.entry(i);
            all.onRecord(entry.type(), entry.sequence(), entry.nextSequence(), entry.position(), entry.bytes(), 0,
                entry.bytes().capacity());
            assertTrue(all.position("s").orElse(new long[]{-1})[0] < entry.nextSequence(), "record " + i);
        }
    }

    @Test
    void shouldWriteTheFirstPositionBeforeTheFirstEvent() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.publish(0);
        bench.recorder.doWork();
        final long position = bench.ring.claimedSequence();
        bench.subscription("s", position);
        final long next = bench.publish(1);
        // No time passes: it does not wait for the interval of the positions.
        bench.recorder.doWork();
        bench.log.recordAll();
        int positionIndex = -1;
        int eventIndex = -1;
        final LogState all = new LogState(bench.disk.logId());
        for (int i = 0; i < bench.disk.size(); i++) {
            final SimulatedDisk.Entry entry = bench.disk.entry(i);
            all.onRecord(entry.type(), entry.sequence(), entry.nextSequence(), entry.position(), entry.bytes(), 0,
                entry.bytes().capacity());
            positionIndex = positionIndex < 0 && all.position("s").isPresent() ? i : positionIndex;
            eventIndex = entry.type() == RecordType.EVENT && entry.sequence() == next ? i : eventIndex;
        }
        assertTrue(positionIndex >= 0 && positionIndex < eventIndex, positionIndex + " " + eventIndex);
    }

    /** What only a lost position has passed must still be there. */
    @Test
    void shouldKeepWhatTheRecordedPositionsNeed() throws Exception {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final LogBench bench = new LogBench(
            disk, new ManualClock(), new StorageFaults(new SplittableRandom(7), 0, 0, 100)).begin();
        final DurablePosition slow = bench.subscription("s", -1);
        bench.publish(0);
        bench.publish(1);
        bench.turns(50);
        // Another checkpoint: the events stand before it, and only the subscription needs them.
        bench.log.breakFor(1);
        bench.turns(50);
        assertArrayEquals(new long[]{-1}, bench.recovered().position("s").orElseThrow());
        bench.log.hold(true);
        bench.subscriptions.remove(slow);
        bench.subscription("s", bench.recorder.recordedSequence().get());
        bench.turns(100);
        final LogBench next = bench.crashAndRecover();
        final long position = next.state.position("s").orElseThrow()[0];
        try (LogReader reader = next.log.newReader()) {
            reader.seekSequence(position + 1);
            assertTrue(position >= 0 || reader.next(), "the events behind the position are still there");
        }
    }

    /** It fails and is well again within one turn of the recorder. */
    @Test
    void shouldNoticeAFailureHoweverShort() throws Exception {
        final LogBench bench = new LogBench().begin();
        bench.log.hold(true);
        bench.publish(0);
        bench.publish(1);
        bench.turns(1);
        bench.log.breakWithNextAppend();
        bench.publish(2);
        bench.turns(1);
        bench.log.hold(false);
        bench.turns(40);
        assertEquals(upTo(2), bench.recordedNumbers());
        assertEquals(bench.ring.claimedSequence(), bench.recorder.recordedSequence().get());
    }
}
