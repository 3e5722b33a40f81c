package io.headrace.bus;

import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLog;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.WaitProfile;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.util.function.Supplier;

/** The configuration of a {@link Bus}. Set up by one thread; the ring checks the ranges when the bus is made. */
public final class BusContext {
    private int capacity = 1 << 16;
    private int slotBytes = 256;
    private ProducerMode producerMode = ProducerMode.MULTI;
    private WaitProfile waitProfile = WaitProfile.ECO;
    private Supplier<EventLog> log;
    private int replicatedCopies = 1;
    private boolean replica;
    private EpochHistory leaderEpochs;
    private long firstSequence;
    private AgentHost agents = AgentHost.threads();
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private EpochNanoClock epochClock = SystemEpochNanoClock.INSTANCE;

    /**
     * Sets the size of the ring.
     *
     * @param slots     the number of slots, a power of two; 65536 unless set.
     * @param bytesEach the size of a slot, a power of two; 256 unless set.
     * @return this.
     */
    public BusContext ring(final int slots, final int bytesEach) {
        this.capacity = slots;
        this.slotBytes = bytesEach;
        return this;
    }

    /** {@return the number of slots} */
    public int capacity() {
        return capacity;
    }

    /** {@return the size of a slot in bytes} */
    public int slotBytes() {
        return slotBytes;
    }

    /**
     * Sets how many threads publish.
     *
     * @param value {@link ProducerMode#MULTI} unless set.
     * @return this.
     */
    public BusContext producerMode(final ProducerMode value) {
        this.producerMode = value;
        return this;
    }

    /** {@return how many threads publish} */
    public ProducerMode producerMode() {
        return producerMode;
    }

    /**
     * Sets how subscriptions wait.
     *
     * @param value {@link WaitProfile#ECO} unless set.
     * @return this.
     */
    public BusContext waitProfile(final WaitProfile value) {
        this.waitProfile = value;
        return this;
    }

    /** {@return how subscriptions wait} */
    public WaitProfile waitProfile() {
        return waitProfile;
    }

    /**
     * Gives the bus an event log, which it owns: the log thread opens it, recovers from it, writes it and closes it.
     *
     * @param value opens the log; null for a bus without one, the default.
     * @return this.
     */
    public BusContext log(final Supplier<EventLog> value) {
        this.log = value;
        return this;
    }

    /** {@return what opens the event log, or null} */
    public Supplier<EventLog> log() {
        return log;
    }

    /**
     * Sets how many replicas must have recorded an event before it counts as replicated.
     *
     * @param value from 1, which it is unless set. A replica counts itself.
     * @return this.
     */
    public BusContext replicatedCopies(final int value) {
        this.replicatedCopies = value;
        return this;
    }

    /** {@return how many replicas must have recorded an event before it counts as replicated} */
    public int replicatedCopies() {
        return replicatedCopies;
    }

    /**
     * Makes the bus a replica: it begins no epoch of its own, and takes events only from its leader, until it is told
     * to lead. It needs a log.
     *
     * @param epochs   of the leader, as far as they are known now; null for none.
     * @param sequence the first that an event of the leader may have; it matters to an empty log only.
     * @return this.
     */
    public BusContext replica(final EpochHistory epochs, final long sequence) {
        this.replica = true;
        this.leaderEpochs = epochs;
        this.firstSequence = sequence;
        return this;
    }

    /** {@return whether the bus begins as a replica} */
    public boolean replica() {
        return replica;
    }

    /** {@return the epochs of the leader as far as they are known; null for none} */
    EpochHistory leaderEpochs() {
        return leaderEpochs;
    }

    /** {@return the first sequence of an event in an empty log} */
    long firstSequence() {
        return firstSequence;
    }

    /**
     * Sets who gives the agents of the bus their turns.
     *
     * @param value {@link AgentHost#threads()} unless set.
     * @return this.
     */
    public BusContext agents(final AgentHost value) {
        this.agents = value;
        return this;
    }

    /** {@return who gives the agents of the bus their turns} */
    public AgentHost agents() {
        return agents;
    }

    /**
     * Sets the clocks.
     *
     * @param monotonic for durations.
     * @param epoch     for times that leave the process.
     * @return this.
     */
    public BusContext clocks(final NanoClock monotonic, final EpochNanoClock epoch) {
        this.nanoClock = monotonic;
        this.epochClock = epoch;
        return this;
    }

    /** {@return the clock for durations} */
    public NanoClock nanoClock() {
        return nanoClock;
    }

    /** {@return the clock for times that leave the process} */
    public EpochNanoClock epochClock() {
        return epochClock;
    }
}
