package io.headrace.bus.ring;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two publishers claim two slots each and commit; a reader sees a frame whole or not at all, and only behind everything
 * that was claimed before it. Results: what the reader saw first and second, 0 for nothing, -1 for a torn frame. The
 * reader runs on a publisher's thread, so that two cores are enough.
 */
@JCStressTest
@Outcome(id = {"0, 0", "0, 1"}, expect = Expect.ACCEPTABLE, desc = "The first claimed before, and has not committed.")
@Outcome(id = {"2, 0", "1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "Whole, in one order.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, doubled, or out of order.")
@State
public class ClaimCommitStress {
    private static final int EVENT_BYTES = 100;

    private final Ring ring = new Ring(64, 64, ProducerMode.MULTI, WaitProfile.ECO, 0);
    private final RingReader reader = ring.addReader();

    private void publish(final int value) {
        final UnsafeBuffer event = new UnsafeBuffer(0, 0);
        final long sequence = ring.tryClaim(EVENT_BYTES);
        ring.wrapEvent(sequence, EVENT_BYTES, event);
        event.putInt(0, value);
        event.putInt(EVENT_BYTES - Integer.BYTES, value);
        ring.commit(sequence, EVENT_BYTES, EVENT_BYTES, value);
    }

    private int read() {
        if (!reader.next()) {
            return 0;
        }
        final int first = reader.buffer().getInt(reader.eventOffset());
        final int last = reader.buffer().getInt(reader.eventOffset() + EVENT_BYTES - Integer.BYTES);
        final boolean whole =
            first == last && first == reader.publishedAtNs() && reader.eventLengthBytes() == EVENT_BYTES;
        return whole ? first : -1;
    }

    /** One publisher. */
    @Actor
    public void first() {
        publish(1);
    }

    /** Another publisher, which reads while the first may be anywhere between its claim and its commit. */
    @Actor
    public void second(final II_Result result) {
        publish(2);
        result.r1 = read();
        result.r2 = read();
    }
}
