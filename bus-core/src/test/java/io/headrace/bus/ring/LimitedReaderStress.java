package io.headrace.bus.ring;

import com.lmax.disruptor.Sequence;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One thread publishes two events of two slots each and then moves the limit behind the first, as the log thread does
 * with what is recorded; a reader sees the first whole or not at all, and never the second. Results: what it saw first
 * and second, 0 for nothing, -1 for a torn frame.
 */
@JCStressTest
@Outcome(id = {"0, 0", "0, 1", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "Only what the limit allows, and whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Torn, or past the limit.")
@State
public class LimitedReaderStress {
    private static final int EVENT_BYTES = 100;

    private final Ring ring = new Ring(64, 64, ProducerMode.MULTI, WaitProfile.ECO, 1000);
    private final Sequence limit = new Sequence(999);
    private final RingReader reader = ring.addReader(limit);

    private long publish(final int value) {
        final UnsafeBuffer event = new UnsafeBuffer(0, 0);
        final long sequence = ring.tryClaim(EVENT_BYTES);
        ring.wrapEvent(sequence, EVENT_BYTES, event);
        event.putInt(0, value);
        event.putInt(EVENT_BYTES - Integer.BYTES, value);
        ring.commit(sequence, EVENT_BYTES, EVENT_BYTES, value);
        return sequence;
    }

    private int read() {
        if (!reader.next()) {
            return 0;
        }
        final int first = reader.buffer().getInt(reader.eventOffset());
        final int last = reader.buffer().getInt(reader.eventOffset() + EVENT_BYTES - Integer.BYTES);
        return first == last && first == reader.publishedAtNs() ? first : -1;
    }

    /** The publisher, and the log thread behind it. */
    @Actor
    public void publisher() {
        publish(1);
        limit.set(publish(2) - 1);
    }

    /** The lane. */
    @Actor
    public void lane(final II_Result result) {
        result.r1 = read();
        result.r2 = read();
    }
}
