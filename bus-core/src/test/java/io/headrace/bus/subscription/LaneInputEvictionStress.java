package io.headrace.bus.subscription;

import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.WaitProfile;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * A lane goes into its sink and comes back, and may step to the next event; the conductor takes its gate out of the
 * ring meanwhile, or finds it reading. Results: where the lane reads afterwards (0 ring, 1 log), how often its gate was
 * taken out, whether the next claim found room in the ring that was full but for that gate, and how many events the
 * lane read from the ring behind its return.
 */
@JCStressTest
@Outcome(id = "0, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "It was not in its sink: it reads on in the ring.")
@Outcome(id = "1, 1, 1, 0", expect = Expect.ACCEPTABLE, desc = "Evicted: it goes on in the log, and the ring is free.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A gate left behind, or a lane that reads a ring it does not hold.")
@State
public class LaneInputEvictionStress {
    private static final int EVENT_BYTES = 1000;

    private final Ring ring = new Ring(64, 64, ProducerMode.SINGLE, WaitProfile.YIELD, 0);
    private final LaneInput input = new LaneInput(ring, ring.addReader(), null, null, null);
    private final EvictionHandshake handshake = new EvictionHandshake();

    /** Full, and the first event is read. */
    public LaneInputEvictionStress() {
        for (long sequence = ring.tryClaim(EVENT_BYTES); sequence >= 0; sequence = ring.tryClaim(EVENT_BYTES)) {
            ring.commit(sequence, EVENT_BYTES, EVENT_BYTES, 0);
        }
        input.next(true);
    }

    /** The lane's thread. */
    @Actor
    public void lane(final IIII_Result result) {
        handshake.beginDelivery();
        if (handshake.endDelivery() && input.hasLeftRing()) {
            input.evicted();
        }
        if (input.place() == LaneInput.Place.RING) {
            result.r4 = input.next(true) ? 1 : 0;
        }
    }

    /** The conductor's thread. */
    @Actor
    public void conductor(final IIII_Result result) {
        if (input.gateLagSlots() > 0 && handshake.tryEvict()) {
            try {
                result.r2 = input.leaveRing() ? 1 : 0;
            } finally {
                handshake.drained();
            }
        }
    }

    /** Afterwards. */
    @Arbiter
    public void look(final IIII_Result result) {
        result.r1 = input.place() == LaneInput.Place.LOG ? 1 : 0;
        result.r3 = ring.tryClaim(EVENT_BYTES) >= 0 ? 1 : 0;
    }
}
