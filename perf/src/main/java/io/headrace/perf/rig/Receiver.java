package io.headrace.perf.rig;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A receiving thread of the arm: checks each event's number and takes its two times. The rig's threads read the counts
 * and swap the histograms.
 */
public final class Receiver {
    private final SequenceCheck check = new SequenceCheck();
    private final SingleWriterRecorder response = new SingleWriterRecorder(TimeHistory.DIGITS);
    private final SingleWriterRecorder service = new SingleWriterRecorder(TimeHistory.DIGITS);
    private final AtomicLong arrivedCount = new AtomicLong();
    private volatile long lastArrivedNs;

    /**
     * An event is in the consumer's hands.
     *
     * @param number     of the event.
     * @param intendedNs when the schedule wanted it sent.
     * @param sentNs     when it was.
     */
    public void onEvent(final long number, final long intendedNs, final long sentNs) {
        final long nowNs = System.nanoTime();
        check.onNumber(number);
        response.recordValue(Math.max(0, nowNs - intendedNs));
        service.recordValue(Math.max(0, nowNs - sentNs));
        lastArrivedNs = nowNs;
        // Last, so that whoever sees the count sees what was recorded before it.
        arrivedCount.lazySet(arrivedCount.getPlain() + 1);
    }

    /** {@return what was found about the events' numbers; to be read when no more events come} */
    public SequenceCheck check() {
        return check;
    }

    /** {@return how many events came, for any thread} */
    public long arrivedCount() {
        return arrivedCount.get();
    }

    long lastArrivedNs() {
        return lastArrivedNs;
    }

    Histogram takeResponse() {
        return response.getIntervalHistogram();
    }

    Histogram takeService() {
        return service.getIntervalHistogram();
    }
}
