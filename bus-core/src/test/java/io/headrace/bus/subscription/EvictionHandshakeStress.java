package io.headrace.bus.subscription;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The lane's thread and the conductor both change a plain field that stands for the reader. Whatever the interleaving,
 * no change is lost, and the lane learns of an eviction exactly when there was one. Results: the reader's value, how
 * often the conductor drained, whether the lane was told.
 */
@JCStressTest
@Outcome(id = "2, 0, 0", expect = Expect.ACCEPTABLE, desc = "The lane was back before the conductor came.")
@Outcome(id = "3, 1, 1", expect = Expect.ACCEPTABLE, desc = "Drained once, and the lane was told.")
@Outcome(id = "4, 2, 1", expect = Expect.ACCEPTABLE, desc = "Drained twice, and the lane was told.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Two owners at once, or a lane that was not told.")
@State
public class EvictionHandshakeStress {
    private final EvictionHandshake handshake = new EvictionHandshake();
    private int reader;

    /** The lane's thread. */
    @Actor
    public void lane(final III_Result result) {
        reader++;
        handshake.beginDelivery();
        result.r3 = handshake.endDelivery() ? 1 : 0;
        reader++;
    }

    /** The conductor's thread. */
    @Actor
    public void conductor(final III_Result result) {
        for (int i = 0; i < 2; i++) {
            if (handshake.tryEvict()) {
                reader++;
                result.r2++;
                handshake.drained();
            }
        }
    }

    /** Afterwards. */
    @Arbiter
    public void look(final III_Result result) {
        result.r1 = reader;
    }
}
