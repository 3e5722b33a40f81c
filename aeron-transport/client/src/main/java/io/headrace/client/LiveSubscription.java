package io.headrace.client;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkProtocol;
import io.headrace.client.link.LinkTransport;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.link.LiveEventDecoder;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads what a service sends live: events that may not be recorded yet, and best-effort. What is lost on the way, or
 * comes while this reader is busy, is missing and counted; an event that was seen here may be gone after a crash of the
 * service. For telemetry. The application's thread that polls it owns it; the rest is for any thread.
 */
public final class LiveSubscription implements AutoCloseable, ClientLink {
    private static final long CLOSE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long NOTHING = Long.MIN_VALUE;

    private final HeadraceClient client;
    private final String channel;
    private final LinkTransport transport;
    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage);
    private final LinkMessage message = new LinkMessage();
    private final LiveEventDecoder decoder = new LiveEventDecoder();
    private final EventView view = new EventView();
    private final Long2LongHashMap nextNumbers = new Long2LongHashMap(NOTHING);
    private final PollGate gate = new PollGate(this::finish);
    private final AtomicLong eventCount = new AtomicLong();
    private final AtomicLong missedCount = new AtomicLong();
    private final AtomicLong malformedCount = new AtomicLong();

    private LinkTransport.Lease lease;
    private long registrationId;
    private Subscription subscription;
    private volatile boolean connected;
    private EventHandler handler;
    private int handledCount;

    LiveSubscription(final HeadraceClient client, final String channel, final LinkTransport transport) {
        this.client = client;
        this.channel = channel;
        this.transport = transport;
    }

    /**
     * Hands over what has come.
     *
     * @param eventHandler takes the events. When it throws, the exception leaves the poll, and the event is not given
     *                     again.
     * @param limit        how many messages are looked at, at the most.
     * @return how many events were handed over.
     * @throws IllegalStateException when another thread polls, or the subscription is closed.
     */
    public int poll(final EventHandler eventHandler, final int limit) {
        if (!gate.tryEnter()) {
            throw gate.refusal();
        }
        handler = eventHandler;
        handledCount = 0;
        try {
            client.workHere();
            if (isReady()) {
                subscription.poll(assembler, limit);
                connected = subscription.isConnected();
            }
            return handledCount;
        } finally {
            handler = null;
            gate.leave(false);
        }
    }

    private boolean isReady() {
        if (lease != null && !lease.isGood()) {
            release();
        }
        if (lease == null) {
            lease = transport.lease();
            if (lease != null) {
                registrationId = lease.aeron().asyncAddSubscription(channel, LinkProtocol.LIVE_STREAM_ID);
            }
        } else if (subscription == null) {
            subscription = lease.aeron().getSubscription(registrationId);
        }
        return subscription != null;
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int lengthBytes, final Header header) {
        if (!message.wrap(buffer, offset, lengthBytes) || message.templateId() != LiveEventDecoder.TEMPLATE_ID
            || view.wrap(buffer, message.dataOffset(), message.dataLengthBytes()) != DecodeError.NONE) {
            malformedCount.incrementAndGet();
            return;
        }
        decoder.wrap(buffer, message.blockOffset(), message.blockLengthBytes(), message.version());
        final long number = decoder.number();
        if (number < 0 || number == Long.MAX_VALUE) {
            // Nobody counts that far: it is none of a service.
            malformedCount.incrementAndGet();
            return;
        }
        final long expected = nextNumbers.put(header.sessionId(), number + 1);
        if (expected != NOTHING && number > expected) {
            missedCount.addAndGet(number - expected);
        }
        handledCount++;
        eventCount.incrementAndGet();
        handler.onEvent(view);
    }

    private void release() {
        final LinkTransport.Lease ended = lease;
        lease = null;
        subscription = null;
        connected = false;
        assembler.clear();
        if (ended != null) {
            try {
                if (ended.isGood()) {
                    ended.aeron().asyncRemoveSubscription(registrationId);
                }
            } finally {
                ended.giveBack();
            }
        }
    }

    private void finish() {
        release();
        client.remove(this);
    }

    @Override
    public int turn() {
        return 0;
    }

    @Override
    public boolean end() {
        return gate.close(new Pause(client, CLOSE_TIMEOUT_NS));
    }

    /** Ends the subscription, when the handler has returned. */
    @Override
    public void close() {
        gate.close();
    }

    /** {@return whether a service sends, as the last poll saw it} */
    public boolean isConnected() {
        return connected;
    }

    /** {@return how many events were handed over} */
    public long eventCount() {
        return eventCount.get();
    }

    /** {@return how many events were sent and did not come, as the numbers of those that came say} */
    public long missedCount() {
        return missedCount.get();
    }

    /** {@return how many messages were none of the live stream} */
    public long malformedCount() {
        return malformedCount.get();
    }
}
