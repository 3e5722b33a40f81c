package io.headrace.bus.delivery;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** Fails as its script says, and remembers which sequences it was shown with each call. Owned by one thread. */
final class ScriptedSink implements Sink {
    private final Queue<Step> script = new ArrayDeque<>();
    private final List<List<Long>> shown = new ArrayList<>();

    @FunctionalInterface
    interface Step {
        void run(EventBatch batch) throws DeliveryException, InterruptedException;
    }

    ScriptedSink(final Step... steps) {
        script.addAll(Arrays.asList(steps));
    }

    static Step retriable(final int deliveredCount) {
        return batch -> {
            throw DeliveryException.retriable(deliveredCount, "It is away.", null);
        };
    }

    static Step poison(final int deliveredCount, final int poisonIndex) {
        return batch -> {
            throw DeliveryException.poison(deliveredCount, poisonIndex, "It does not fit.", null);
        };
    }

    static Step fatal(final int deliveredCount) {
        return batch -> {
            throw DeliveryException.fatal(deliveredCount, "There is no table.", null);
        };
    }

    List<List<Long>> shown() {
        return shown;
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        final List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            sequences.add(batch.event(i).sequence());
        }
        shown.add(sequences);
        final Step step = script.poll();
        if (step != null) {
            step.run(batch);
        }
    }

    @Override
    public void close() {
    }
}
