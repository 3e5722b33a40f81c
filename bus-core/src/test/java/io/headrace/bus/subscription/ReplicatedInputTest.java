package io.headrace.bus.subscription;

import io.headrace.bus.log.LogAccess;
import io.headrace.bus.log.LogBench;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The input of a lane that waits until a replica has recorded, stepped by the test's thread. */
class ReplicatedInputTest {
    private static final int MANY_ROUNDS = 2000;

    private final LogBench bench = new LogBench().begin();
    private final LogAccess access = new LogAccess(bench.recorder, bench.copies, bench.busClock);
    private final List<Long> published = new ArrayList<>();
    private final List<Long> read = new ArrayList<>();
    private final LaneInput input = new LaneInput(
        bench.ring, bench.ring.addReader(access.sequenceOf(AfterStage.REPLICATED)), access,
        access.sequenceOf(AfterStage.REPLICATED), bench.counters.counter("rejoins"));

    private boolean publish() {
        final long sequence = bench.publish(published.size());
        if (sequence >= 0) {
            published.add(sequence);
        }
        return sequence >= 0;
    }

    private void replicate(final long nextSequence) {
        bench.copies.onReplica("r", nextSequence);
    }

    private void read(final int most) {
        for (int i = 0; i < most && input.next(true); i++) {
            final long sequence = input.cursor().sequence();
            assertTrue(sequence <= bench.copies.replicatedSequence().get(), "sequence=" + sequence);
            read.add(sequence);
        }
        input.release();
    }

    private void record() throws Exception {
        bench.recorder.doWork();
        bench.log.recordAll();
        bench.recorder.doWork();
    }

    @Property(tries = 300)
    void shouldReadOnlyWhatIsReplicatedAndAllOfIt(
        @ForAll @Size(max = 300) final List<@IntRange(min = 0, max = 15) Integer> actions) throws Exception {
        for (final int action : actions) {
            switch (action) {
                case 0, 1, 2, 3, 4, 5 -> publish();
                case 6 -> bench.abort(5);
                case 7, 8, 9 -> bench.recorder.doWork();
                case 10 -> replicate(access.recordedSequence().get() + 1);
                case 11 -> replicate(Math.max(0, access.recordedSequence().get() - 7));
                case 12 -> bench.copies.onReplica("r", -1);
                default -> read(action - 10);
            }
        }
        for (int round = 0; round < MANY_ROUNDS && (input.place() != LaneInput.Place.RING
            || input.passedSequence() < bench.ring.claimedSequence()); round++) {
            bench.recorder.doWork();
            replicate(access.recordedSequence().get() + 1);
            read(5);
        }
        assertEquals(published, read);
        assertEquals(LaneInput.Place.RING, input.place());
    }

    @Test
    void shouldHoldNobodyBackWhileTheReplicasAreAway() throws Exception {
        for (int i = 0; i < 1000; i++) {
            assertTrue(publish(), "event " + i + " found no room");
            record();
            read(10);
        }
        assertEquals(List.of(), read);
        replicate(access.recordedSequence().get() + 1);
        for (int round = 0; round < MANY_ROUNDS && read.size() < published.size(); round++) {
            read(10);
        }
        assertEquals(published, read);
    }
}
