package io.headrace.perf.fanout;

import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import org.agrona.concurrent.UnsafeBuffer;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The sending thread, and one scheduler for each subscriber: a multicast sink of Reactor. */
final class ReactorPath implements EventPath {
    private static final int CAPACITY = 1 << 16;

    private final Sinks.Many<Message> sink = Sinks.many().multicast().onBackpressureBuffer(CAPACITY, false);
    private final List<Scheduler> schedulers = new ArrayList<>();
    private final UnsafeBuffer template;

    ReactorPath(final List<Receiver> receivers, final int payloadBytes) {
        template = new UnsafeBuffer(new byte[payloadBytes]);
        for (final Receiver receiver : receivers) {
            final Scheduler scheduler = Schedulers.newSingle("receiver");
            schedulers.add(scheduler);
            sink.asFlux().publishOn(scheduler).subscribe(message -> message.receive(receiver));
        }
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        final Message message = Message.of(template, number, intendedNs, sentNs);
        Sinks.EmitResult result = sink.tryEmitNext(message);
        while (result == Sinks.EmitResult.FAIL_OVERFLOW) {
            LockSupport.parkNanos(1);
            result = sink.tryEmitNext(message);
        }
        result.orThrow();
    }

    @Override
    public void close() {
        sink.tryEmitComplete();
        schedulers.forEach(Scheduler::dispose);
    }
}
