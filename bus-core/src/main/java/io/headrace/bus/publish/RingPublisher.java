package io.headrace.bus.publish;

import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.Ring;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.function.BooleanSupplier;

/**
 * The publisher of one source: claims from the ring, stamps what is committed with its sequence and publish time, and
 * counts. Safe for several threads, as {@link Publisher} says; its counters are shared by them.
 */
public final class RingPublisher implements Publisher {
    /** An event with nothing in it: less cannot even be stamped. */
    static final int MIN_EVENT_BYTES = EventWriter.overheadLength(0, 0, 0, 0, 0, 0);

    private final Ring ring;
    private final BusClock clock;
    private final BooleanSupplier closed;
    private final AtomicCounter publishedEvents;
    private final AtomicCounter publishedBytes;
    private final AtomicCounter backPressured;
    private final AtomicCounter refused;
    private final AtomicCounter duplicateEvents;
    private final SharedMessageIdWindow messageIds;
    /** The claim of {@link #offer}, and its view of what is offered: one for each thread that ever offers. */
    private final ThreadLocal<OfferState> offerState = ThreadLocal.withInitial(OfferState::new);

    private static final class OfferState {
        final EventClaim claim = new EventClaim();
        final EventView view = new EventView();
    }

    /**
     * Makes a publisher with a window of message ids of its own, as one suffices where nothing outlives the process.
     *
     * @param name     for the counters, {@code publisher.NAME.*}.
     * @param ring     to publish to.
     * @param clock    to stamp with.
     * @param counters to count in.
     * @param closed   whether the bus takes no more events.
     */
    public RingPublisher(
        final String name,
        final Ring ring,
        final BusClock clock,
        final Counters counters,
        final BooleanSupplier closed) {
        this(name, ring, clock, counters, closed, new MessageIdWindows(MessageIdWindow.DEFAULT_CAPACITY));
    }

    /**
     * Makes a publisher.
     *
     * @param name     for the counters, {@code publisher.NAME.*}, and of its window of message ids.
     * @param ring     to publish to.
     * @param clock    to stamp with.
     * @param counters to count in.
     * @param closed   whether the bus takes no more events.
     * @param windows  of the bus: publishers of one name share theirs.
     */
    public RingPublisher(
        final String name,
        final Ring ring,
        final BusClock clock,
        final Counters counters,
        final BooleanSupplier closed,
        final MessageIdWindows windows) {
        this.ring = ring;
        this.clock = clock;
        this.closed = closed;
        final String prefix = "publisher." + name + ".";
        publishedEvents = counters.counter(prefix + "published-events");
        publishedBytes = counters.counter(prefix + "published-bytes");
        backPressured = counters.counter(prefix + "back-pressured");
        refused = counters.counter(prefix + "refused");
        duplicateEvents = counters.counter(prefix + "duplicate-events");
        messageIds = windows.of(name);
    }

    @Override
    public long tryClaim(final int maxLengthBytes, final EventClaim claim) {
        final long sequence = claimOnce(maxLengthBytes, claim);
        if (sequence == BACK_PRESSURED) {
            backPressured.increment();
        }
        return sequence;
    }

    private long claimOnce(final int maxLengthBytes, final EventClaim claim) {
        if (maxLengthBytes > ring.maxEventLengthBytes()) {
            refused.increment();
            return TOO_LONG;
        }
        if (maxLengthBytes < MIN_EVENT_BYTES) {
            refused.increment();
            return MALFORMED;
        }
        if (closed.getAsBoolean()) {
            return CLOSED;
        }
        final long sequence = ring.tryClaim(maxLengthBytes);
        if (sequence >= 0) {
            claim.open(this, ring, sequence, maxLengthBytes);
        }
        return sequence;
    }

    /** Answers false when the event is a repeated one, and its room was given up. */
    boolean commit(
        final long sequence, final int claimedBytes, final int lengthBytes, final MutableDirectBuffer event) {
        final int idOffset = EventStamp.messageIdOffset(event, 0, lengthBytes);
        // From here to the ring's commit nothing can fail: an id in the window stands for an event in the ring.
        if (idOffset >= 0
            && !messageIds.addIfAbsent(event, idOffset, EventStamp.messageIdLength(event, idOffset))) {
            duplicateEvents.increment();
            abort(sequence, claimedBytes);
            return false;
        }
        final long nowNs = clock.nanoTime();
        EventStamp.stamp(event, 0, sequence, clock.epochNs(nowNs));
        ring.commit(sequence, claimedBytes, lengthBytes, nowNs);
        publishedEvents.increment();
        publishedBytes.getAndAdd(lengthBytes);
        return true;
    }

    long claimedSequence() {
        return ring.claimedSequence();
    }

    void abort(final long sequence, final int claimedBytes) {
        ring.commit(sequence, claimedBytes, 0, clock.nanoTime());
    }

    @Override
    public long claim(final int maxLengthBytes, final EventClaim claim, final long timeoutNs) {
        long sequence = claimOnce(maxLengthBytes, claim);
        if (sequence != BACK_PRESSURED) {
            return sequence;
        }
        backPressured.increment();
        final long deadlineNs = clock.nanoTime() + timeoutNs;
        while (sequence == BACK_PRESSURED
            && clock.nanoTime() - deadlineNs < 0
            && !Thread.currentThread().isInterrupted()) {
            claim.waiting.idle();
            sequence = claimOnce(maxLengthBytes, claim);
        }
        claim.waiting.reset();
        return sequence;
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        final OfferState state = offerState.get();
        final long refusal = check(state.view, buffer, offset, lengthBytes);
        return refusal < 0 ? refusal :
            copy(tryClaim(lengthBytes, state.claim), state.claim, buffer, offset, lengthBytes);
    }

    @Override
    public long publish(
        final DirectBuffer buffer, final int offset, final int lengthBytes, final long timeoutNs) {
        final OfferState state = offerState.get();
        final long refusal = check(state.view, buffer, offset, lengthBytes);
        return refusal < 0 ? refusal :
            copy(claim(lengthBytes, state.claim, timeoutNs), state.claim, buffer, offset, lengthBytes);
    }

    private long check(final EventView view, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (lengthBytes > ring.maxEventLengthBytes()) {
            refused.increment();
            return TOO_LONG;
        }
        if (view.wrap(buffer, offset, lengthBytes) != DecodeError.NONE) {
            refused.increment();
            return MALFORMED;
        }
        return 0;
    }

    private long copy(
        final long sequence,
        final EventClaim claim,
        final DirectBuffer buffer,
        final int offset,
        final int lengthBytes) {
        if (sequence >= 0) {
            claim.buffer().putBytes(claim.offset(), buffer, offset, lengthBytes);
            return claim.commit(lengthBytes);
        }
        return sequence;
    }

    @Override
    public int maxEventLengthBytes() {
        return ring.maxEventLengthBytes();
    }
}
