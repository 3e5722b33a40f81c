package io.headrace.bus.subscription;

import io.headrace.bus.log.LogAccess;
import io.headrace.bus.log.LogBench;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A lane's input on a real ring and a simulated log, stepped by the test's thread. */
class LaneInputTest {
    private static final int MANY_ROUNDS = 2000;

    private final LogBench bench = new LogBench().begin();
    private final LogAccess access = new LogAccess(bench.recorder, bench.copies, bench.busClock);
    private final AtomicCounter rejoins = bench.counters.counter("rejoins");
    private final List<Long> published = new ArrayList<>();
    private final List<Long> read = new ArrayList<>();
    private LaneInput input = new LaneInput(
        bench.ring, bench.ring.addReader(access.recordedSequence()), access, access.recordedSequence(), rejoins);

    private void publish() {
        final long sequence = bench.publish(published.size());
        if (sequence >= 0) {
            published.add(sequence);
        }
    }

    private void read(final int most) {
        for (int i = 0; i < most && input.next(true); i++) {
            read.add(input.cursor().sequence());
        }
        input.release();
    }

    /** The last one found no place in the batch. */
    private void readAndStepBack() {
        if (input.next(true)) {
            input.cursor().back();
        }
        input.release();
    }

    /** What conductor and lane do while the lane is in its sink. */
    private void evict() {
        if (input.leaveRing()) {
            assertTrue(input.hasLeftRing());
            input.evicted();
        }
    }

    private void catchUp() throws Exception {
        for (int round = 0; round < MANY_ROUNDS && (input.place() != LaneInput.Place.RING
            || input.passedSequence() < bench.ring.claimedSequence()); round++) {
            bench.recorder.doWork();
            read(5);
        }
        assertEquals(LaneInput.Place.RING, input.place());
        assertEquals(bench.ring.claimedSequence(), input.passedSequence());
        assertEquals(published, read);
    }

    @Property(tries = 300)
    void shouldReadEverythingOnceWhereverItReads(
        @ForAll @Size(max = 300) final List<@IntRange(min = 0, max = 19) Integer> actions) throws Exception {
        for (final int action : actions) {
            switch (action) {
                case 0, 1, 2, 3, 4, 5, 6 -> publish();
                case 7 -> bench.abort(1 + action % 3);
                case 8 -> bench.abort(12);
                case 9, 10, 11, 12 -> bench.recorder.doWork();
                case 13 -> bench.log.breakFor(2);
                case 14 -> evict();
                case 15 -> readAndStepBack();
                default -> read(action - 14);
            }
        }
        bench.abort(20);
        catchUp();
    }

    @Test
    void shouldComeBackBehindAnEventThatIsCommittedLate() throws Exception {
        publish();
        catchUp();
        evict();
        publish();
        // Claimed before the lane joins, committed after.
        final long late = bench.ring.tryClaim(40);
        bench.recorder.doWork();
        bench.log.recordAll();
        bench.recorder.doWork();
        read(10);
        assertEquals(LaneInput.Place.JOINING, input.place());
        publish();
        read(10);
        assertEquals(LaneInput.Place.JOINING, input.place(), "what was claimed before its gate is not recorded yet");
        bench.ring.commit(late, 40, 0, 1);
        catchUp();
        assertEquals(1, rejoins.get());
    }

    @Test
    void shouldHoldNobodyBackWhileItReadsTheLog() throws Exception {
        publish();
        catchUp();
        evict();
        assertEquals(0, input.gateLagSlots());
        final int before = published.size();
        for (int i = 0; i < MANY_ROUNDS; i++) {
            publish();
            bench.recorder.doWork();
        }
        assertTrue(published.size() - before > 100, "the ring went round without the lane");
        catchUp();
    }

    /** Claims that were given up leave nothing in the log: it must not wait there for what never comes. */
    @Test
    void shouldComeBackBehindClaimsThatWereGivenUp() throws Exception {
        publish();
        catchUp();
        evict();
        for (int i = 0; i < 3; i++) {
            bench.abort(16);
            bench.recorder.doWork();
        }
        catchUp();
    }

    @Test
    void shouldWaitForASequenceThatIsStillToCome() throws Exception {
        input.close();
        input = new LaneInput(bench.ring, 1000, access, access.recordedSequence(), rejoins);
        publish();
        for (int round = 0; round < 20; round++) {
            bench.recorder.doWork();
            read(5);
        }
        assertEquals(LaneInput.Place.RING, input.place());
    }

    @Test
    void shouldStepBackAcrossItsComingBack() throws Exception {
        publish();
        catchUp();
        evict();
        publish();
        bench.recorder.doWork();
        bench.log.recordAll();
        bench.recorder.doWork();
        read(1);
        assertEquals(LaneInput.Place.JOINING, input.place());
        publish();
        bench.recorder.doWork();
        bench.log.recordAll();
        bench.recorder.doWork();
        // A lane that may have to step back over what it read last must not change to the ring.
        assertEquals(false, input.next(false));
        assertEquals(LaneInput.Place.JOINING, input.place());
        catchUp();
    }
}
