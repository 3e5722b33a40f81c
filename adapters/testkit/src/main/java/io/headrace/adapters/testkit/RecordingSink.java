package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every event that it gets. While it is held, it blocks in its delivery before it takes anything, as a slow
 * target does. Delivered to on its lane's thread; everything else is for any thread.
 */
public final class RecordingSink implements Sink {
    private final List<EncodedEvent> events = new ArrayList<>();
    private int allowedBatches = Integer.MAX_VALUE;
    private boolean blocked;
    private boolean closed;

    /** From now on, blocks before it takes the next batch. */
    public void hold() {
        holdAfter(0);
    }

    /**
     * Takes some more batches, and blocks before the next one.
     *
     * @param batchCount how many it takes.
     */
    public synchronized void holdAfter(final int batchCount) {
        allowedBatches = batchCount;
    }

    /** Goes on. */
    public synchronized void release() {
        allowedBatches = Integer.MAX_VALUE;
        notifyAll();
    }

    /** {@return whether a delivery is blocked now} */
    public synchronized boolean blocked() {
        return blocked;
    }

    /** {@return a copy of all events so far, in the order of their arrival} */
    public synchronized List<EncodedEvent> events() {
        return new ArrayList<>(events);
    }

    /** {@return how many events have arrived so far} */
    public synchronized int eventCount() {
        return events.size();
    }

    /** {@return whether it was closed} */
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized void deliver(final EventBatch batch) throws InterruptedException {
        try {
            while (allowedBatches == 0) {
                blocked = true;
                wait();
            }
        } finally {
            blocked = false;
        }
        if (allowedBatches != Integer.MAX_VALUE) {
            allowedBatches--;
        }
        for (int i = 0; i < batch.size(); i++) {
            events.add(EncodedEvent.copyOf(batch.event(i)));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
