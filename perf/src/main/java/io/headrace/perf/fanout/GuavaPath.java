package io.headrace.perf.fanout;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The sending thread, and one for all subscribers: Guava's AsyncEventBus keeps the order of events only on an executor
 * with a single thread.
 */
final class GuavaPath implements EventPath {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AsyncEventBus eventBus = new AsyncEventBus("fan-out", executor);
    private final UnsafeBuffer template;

    GuavaPath(final List<Receiver> receivers, final int payloadBytes) {
        template = new UnsafeBuffer(new byte[payloadBytes]);
        receivers.forEach(receiver -> eventBus.register(new Subscriber(receiver)));
    }

    /** Called by Guava, which looks for the annotation. */
    private static final class Subscriber {
        private final Receiver receiver;

        Subscriber(final Receiver receiver) {
            this.receiver = receiver;
        }

        @Subscribe
        void onMessage(final Message message) {
            message.receive(receiver);
        }
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        eventBus.post(Message.of(template, number, intendedNs, sentNs));
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
