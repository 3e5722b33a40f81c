package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A sink that fails as its script says: each delivery takes the next step, and once the script has ended all goes
 * well. What it counts as delivered goes to a {@link RecordingSink}. Scripted before it is used, or by any thread.
 */
public final class ScriptedSink implements Sink {
    private final RecordingSink target;
    private final Queue<Step> script = new ArrayDeque<>();

    @FunctionalInterface
    private interface Step {
        void deliver(EventBatch batch) throws DeliveryException, InterruptedException;
    }

    /**
     * Makes a sink without a script.
     *
     * @param target gets what is delivered.
     */
    public ScriptedSink(final RecordingSink target) {
        this.target = target;
    }

    private synchronized ScriptedSink then(final Step step) {
        script.add(step);
        return this;
    }

    /** {@return this; the next delivery goes well} */
    public ScriptedSink succeed() {
        return then(target::deliver);
    }

    /**
     * The next delivery fails, and may be tried again.
     *
     * @param deliveredCount how many events at the start of the batch it delivers before.
     * @return this.
     */
    public ScriptedSink retriable(final int deliveredCount) {
        return then(batch -> {
            deliverFirst(batch, deliveredCount);
            throw DeliveryException.retriable(deliveredCount, "The script says retriable.", null);
        });
    }

    /**
     * The next delivery fails over one event.
     *
     * @param deliveredCount how many events at the start of the batch it delivers before.
     * @param poisonIndex    of the event.
     * @return this.
     */
    public ScriptedSink poison(final int deliveredCount, final int poisonIndex) {
        return then(batch -> {
            deliverFirst(batch, deliveredCount);
            throw DeliveryException.poison(deliveredCount, poisonIndex, "The script says poison.", null);
        });
    }

    /**
     * The next delivery fails for good.
     *
     * @param deliveredCount how many events at the start of the batch it delivers before.
     * @return this.
     */
    public ScriptedSink fatal(final int deliveredCount) {
        return then(batch -> {
            deliverFirst(batch, deliveredCount);
            throw DeliveryException.fatal(deliveredCount, "The script says fatal.", null);
        });
    }

    /**
     * The next delivery throws what a sink must not throw.
     *
     * @param failure to throw.
     * @return this.
     */
    public ScriptedSink fail(final RuntimeException failure) {
        return then(batch -> {
            throw failure;
        });
    }

    private void deliverFirst(final EventBatch batch, final int count) throws InterruptedException {
        final EventBatch part = new EventBatch(Math.max(1, count), 1 << 24);
        for (int i = 0; i < count; i++) {
            final EncodedEvent event = EncodedEvent.copyOf(batch.event(i));
            part.append(event.buffer(), 0, event.lengthBytes(), batch.publishedAtNs(i));
        }
        if (count > 0) {
            target.deliver(part);
        }
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        final Step step;
        synchronized (this) {
            step = script.poll();
        }
        if (step == null) {
            target.deliver(batch);
        } else {
            step.deliver(batch);
        }
    }

    @Override
    public void close() {
        target.close();
    }
}
