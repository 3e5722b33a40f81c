package io.headrace.aeron.link;

import io.headrace.bus.monitor.Counters;
import org.agrona.concurrent.status.AtomicCounter;

/** What the server of links counts, for all links together; the link thread writes. Immutable. */
final class LinkCounters {
    final AtomicCounter opened;
    final AtomicCounter refused;
    final AtomicCounter notAuthentic;
    final AtomicCounter malformed;
    final AtomicCounter foreign;
    final AtomicCounter unknown;
    final AtomicCounter timedOut;
    final AtomicCounter failed;
    final AtomicCounter publishedEvents;
    final AtomicCounter refusedEvents;
    final AtomicCounter backPressured;
    final AtomicCounter sentEvents;
    final AtomicCounter sentBytes;
    final AtomicCounter liveDropped;
    final AtomicCounter errors;

    LinkCounters(final Counters counters) {
        opened = counters.counter("link.opened");
        refused = counters.counter("link.refused");
        notAuthentic = counters.counter("link.not-authentic");
        malformed = counters.counter("link.malformed");
        foreign = counters.counter("link.foreign");
        unknown = counters.counter("link.unknown");
        timedOut = counters.counter("link.timed-out");
        failed = counters.counter("link.failed");
        publishedEvents = counters.counter("link.published-events");
        refusedEvents = counters.counter("link.refused-events");
        backPressured = counters.counter("link.back-pressured");
        sentEvents = counters.counter("link.sent-events");
        sentBytes = counters.counter("link.sent-bytes");
        liveDropped = counters.counter("link.live-dropped-events");
        errors = counters.counter("link.errors");
    }
}
