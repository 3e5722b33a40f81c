package io.headrace.bus.log;

import com.lmax.disruptor.Sequence;
import io.headrace.bus.ring.Signal;

import java.util.HashMap;
import java.util.Map;

/**
 * Up to where enough replicas have recorded the events. Told by the link thread how far each replica is, and by the log
 * thread how far the own log is; its sequence and its signal are for any thread.
 *
 * <p>The sequence never goes back: what enough replicas have recorded stays recorded there when they are away.
 */
public final class ReplicatedCopies {
    private final int copies;
    private final Map<String, Long> nextSequences = new HashMap<>();
    private final Sequence replicatedSequence;
    private final Signal signal;
    private long recordedSequence;
    private boolean countsItself;

    /**
     * Nothing is known of any replica yet.
     *
     * @param copies           how many replicas must have an event.
     * @param countsItself     whether the own log is one of them.
     * @param recordedSequence up to where the own log is.
     * @param blocking         whether threads will block on {@link #signal()}.
     */
    public ReplicatedCopies(
        final int copies, final boolean countsItself, final long recordedSequence, final boolean blocking) {
        if (copies < 1) {
            throw new IllegalArgumentException("replicatedCopies=" + copies + " is less than 1");
        }
        this.copies = copies;
        this.countsItself = countsItself;
        this.recordedSequence = recordedSequence;
        // What a former process recorded was not yet delivered by those who wait for the replicas: it waits too.
        replicatedSequence = new Sequence(countsItself && copies == 1 ? recordedSequence : -1);
        signal = new Signal(blocking);
    }

    /**
     * A replica has recorded more, or is gone.
     *
     * @param name         of the replica.
     * @param nextSequence the first that its log does not have; -1 when it is gone.
     */
    public synchronized void onReplica(final String name, final long nextSequence) {
        if (nextSequence < 0) {
            nextSequences.remove(name);
        } else {
            nextSequences.put(name, nextSequence);
            advance();
        }
    }

    /**
     * The own log has recorded more. Called by the log thread.
     *
     * @param sequence up to where.
     */
    synchronized void onRecorded(final long sequence) {
        recordedSequence = sequence;
        if (countsItself || !nextSequences.isEmpty()) {
            advance();
        }
    }

    /** The own log is the leader's from now on, and no copy any more. */
    public synchronized void lead() {
        countsItself = false;
    }

    private void advance() {
        final int needed = countsItself ? copies - 1 : copies;
        long sequence = recordedSequence;
        if (needed > nextSequences.size()) {
            return;
        }
        if (needed > 0) {
            final long[] ascending = nextSequences.values().stream().mapToLong(Long::longValue).sorted().toArray();
            sequence = Math.min(sequence, ascending[ascending.length - needed] - 1);
        }
        if (sequence > replicatedSequence.get()) {
            replicatedSequence.set(sequence);
            signal.signalAllWhenBlocking();
        }
    }

    /** {@return up to which sequence enough replicas have the events} */
    public Sequence replicatedSequence() {
        return replicatedSequence;
    }

    /** {@return the signal given after the replicated sequence moved} */
    public Signal signal() {
        return signal;
    }
}
