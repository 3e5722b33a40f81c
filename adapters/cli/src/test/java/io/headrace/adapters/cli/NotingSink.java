package io.headrace.adapters.cli;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes the sequences of the events that it gets. */
final class NotingSink implements Sink {
    private final List<Long> sequences = new CopyOnWriteArrayList<>();

    List<Long> sequences() {
        return sequences;
    }

    @Override
    public void deliver(final EventBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            sequences.add(batch.event(i).sequence());
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
