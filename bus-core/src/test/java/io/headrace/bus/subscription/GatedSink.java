package io.headrace.bus.subscription;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;

import java.util.ArrayList;
import java.util.List;

/** Records what it gets, blocks while it is held, and fails when told to. Its lane delivers, any thread looks. */
final class GatedSink implements Sink {
    /** The number of a transaction mark. */
    static final long MARK = -1;

    private final List<Batch> batches = new ArrayList<>();
    private int allowedBatches = Integer.MAX_VALUE;
    private int retriableFailures;
    private boolean fatal;
    private boolean blocked;
    private boolean closed;
    private int idleCalls;

    record Received(long sequence, String key, long number) {
    }

    record Batch(List<Received> events, boolean endsInTransaction) {
    }

    synchronized GatedSink holdAfter(final int batchCount) {
        allowedBatches = batchCount;
        return this;
    }

    synchronized void release() {
        allowedBatches = Integer.MAX_VALUE;
        notifyAll();
    }

    synchronized GatedSink failRetriably(final int times) {
        retriableFailures = times;
        return this;
    }

    synchronized GatedSink failForGood() {
        fatal = true;
        return this;
    }

    synchronized boolean blocked() {
        return blocked;
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized int idleCalls() {
        return idleCalls;
    }

    synchronized List<Batch> batches() {
        return List.copyOf(batches);
    }

    synchronized List<Received> received() {
        return batches.stream().flatMap(batch -> batch.events().stream()).toList();
    }

    List<Long> numbers() {
        return received().stream().map(Received::number).toList();
    }

    @Override
    public synchronized void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        try {
            while (allowedBatches == 0) {
                blocked = true;
                wait();
            }
        } finally {
            blocked = false;
        }
        if (fatal) {
            throw DeliveryException.fatal(0, "The table is gone.", null);
        }
        if (retriableFailures > 0) {
            retriableFailures--;
            throw DeliveryException.retriable(0, "It is away.", null);
        }
        if (allowedBatches != Integer.MAX_VALUE) {
            allowedBatches--;
        }
        final List<Received> events = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            final EventView event = batch.event(i);
            final boolean mark = event.kind() == EventKind.TRANSACTION;
            events.add(new Received(event.sequence(), NumberedPublisher.keyOf(event),
                mark ? MARK : NumberedPublisher.numberOf(event)));
        }
        batches.add(new Batch(events, batch.endsInTransaction()));
    }

    @Override
    public synchronized void idle() {
        idleCalls++;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
