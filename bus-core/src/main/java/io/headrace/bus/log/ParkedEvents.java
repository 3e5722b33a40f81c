package io.headrace.bus.log;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventParkedView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ParkedAtView;
import io.headrace.codecs.ParkedResolvedView;
import io.headrace.codecs.sbe.EventParkedDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.ParkedAtDecoder;
import io.headrace.codecs.sbe.ParkedAtEncoder;
import io.headrace.codecs.sbe.ParkedResolvedDecoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which events are parked, as the log tells it. The log thread changes it with each control message that is recorded
 * (and, while it recovers, that it reads); lanes and commands read it meanwhile.
 *
 * <pre>
 *   EventParked ──▶ parked ──ParkedResolved──▶ forgotten
 *        ▲             │
 *        └── again, with another reason or at another log position: it replaces what was known
 * </pre>
 *
 * It takes part in a log's life so: {@link #onControl} with each control message; {@link #load} when the recovery is
 * through; {@link #writeCheckpoint} in each checkpoint; {@link #below} before segments are purged, whose events are
 * then appended again as they are; {@link #lowestLogPosition} as what retention must keep.
 */
public final class ParkedEvents {
    /** How many events may be parked on one bus, unless told otherwise. */
    public static final int DEFAULT_MAX_EVENTS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(ParkedEvents.class);

    private final int maxEvents;
    private final Map<String, ParkedOfSubscription> bySubscription = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, ParkedEvent> byLogPosition = new ConcurrentSkipListMap<>();
    /** What a checkpoint only located, until {@link #load}: by log position. Owned by the log thread. */
    private final TreeMap<Long, Located> located = new TreeMap<>();
    private final EventParkedView parkedView = new EventParkedView();
    private final ParkedResolvedView resolvedView = new ParkedResolvedView();
    private final ParkedAtView locatedView = new ParkedAtView();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final EventView eventView = new EventView();
    private volatile int count;

    private record Located(String subscription, long sequence) {
    }

    /**
     * Nothing is parked.
     *
     * @param maxEvents how many events may be parked, from 1; whoever parks asks {@link #full()} before.
     */
    public ParkedEvents(final int maxEvents) {
        if (maxEvents < 1) {
            throw new IllegalArgumentException("maxEvents=" + maxEvents + " is less than 1");
        }
        this.maxEvents = maxEvents;
    }

    /**
     * Takes a control message of the log. Called by the log thread.
     *
     * @param buffer      that holds the message.
     * @param offset      of its SBE header.
     * @param lengthBytes its length.
     * @param logPosition at which its record begins.
     * @return false for a message that is not about parked events, which is left to others.
     * @throws LogException when it is one about parked events but cannot be read.
     */
    public boolean onControl(
        final DirectBuffer buffer, final int offset, final int lengthBytes, final long logPosition) {
        if (lengthBytes < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        switch (header.wrap(buffer, offset).templateId()) {
            case EventParkedDecoder.TEMPLATE_ID -> {
                check(parkedView.wrap(buffer, offset, lengthBytes), logPosition);
                located.values().remove(new Located(parkedView.subscription(), parkedView.sequence()));
                put(event(logPosition));
            }
            case ParkedResolvedDecoder.TEMPLATE_ID -> {
                check(resolvedView.wrap(buffer, offset, lengthBytes), logPosition);
                located.values().remove(new Located(resolvedView.subscription(), resolvedView.sequence()));
                remove(resolvedView.subscription(), resolvedView.sequence());
            }
            case ParkedAtDecoder.TEMPLATE_ID -> {
                check(locatedView.wrap(buffer, offset, lengthBytes), logPosition);
                onParkedAt(locatedView.subscription(), locatedView.sequence(), locatedView.logPosition());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void check(final DecodeError error, final long logPosition) {
        if (error != DecodeError.NONE) {
            throw new LogException(LogException.Category.DAMAGED, "The control message about a parked event at log"
                + " position " + logPosition + " cannot be read: " + error
                + ". A newer version may have written it; start that version.", null);
        }
    }

    private ParkedEvent event(final long logPosition) {
        final boolean readable = eventView.wrap(
            parkedView.buffer(), parkedView.eventOffset(), parkedView.eventLength()) == DecodeError.NONE;
        final byte[] key = new byte[readable ? eventView.keyLength() : 0];
        if (key.length > 0) {
            eventView.buffer().getBytes(eventView.keyOffset(), key);
        }
        return new ParkedEvent(
            parkedView.subscription(), parkedView.sequence(), readable ? eventView.keyHash() : 0,
            readable ? eventView.topic() : "", key, parkedView.reason(), parkedView.attempts(),
            parkedView.parkedAtNs(), parkedView.heldBack(), logPosition);
    }

    /** In a checkpoint also what was parked since the checkpoint began is located: known already. */
    private void onParkedAt(final String subscription, final long sequence, final long logPosition) {
        if (find(subscription, sequence) == null) {
            located.put(logPosition, new Located(subscription, sequence));
        }
    }

    private void put(final ParkedEvent event) {
        final ParkedEvent before = of(event.subscription()).put(event);
        if (before == null) {
            count++;
        } else {
            byLogPosition.remove(before.logPosition());
        }
        byLogPosition.put(event.logPosition(), event);
    }

    private void remove(final String subscription, final long sequence) {
        final ParkedEvent before = of(subscription).remove(sequence);
        if (before != null) {
            byLogPosition.remove(before.logPosition());
            count--;
        }
    }

    /**
     * Reads what the last checkpoint only located. Called by the log thread when the recovery is through, before
     * anybody asks. An event that cannot be read stays parked, with that as its reason.
     *
     * @param reader of the log; it is moved, and left open.
     */
    public void load(final LogReader reader) {
        for (final Map.Entry<Long, Located> entry : located.entrySet()) {
            put(read(reader, entry.getKey(), entry.getValue()));
        }
        located.clear();
    }

    private ParkedEvent read(final LogReader reader, final long logPosition, final Located wanted) {
        String problem;
        try {
            reader.seekPosition(logPosition);
            // Padding may stand between where it was appended and where it begins.
            if (reader.next()
                && parkedView.wrap(reader.buffer(), reader.offset(), reader.lengthBytes()) == DecodeError.NONE
                && wanted.equals(new Located(parkedView.subscription(), parkedView.sequence()))) {
                return event(logPosition);
            }
            problem = "there is another record";
        } catch (final LogException ex) {
            problem = ex.getMessage();
        }
        LOG.error("Event {}, parked by {} at log position {}, cannot be read: {}",
            wanted.sequence(), wanted.subscription(), logPosition, problem);
        return new ParkedEvent(wanted.subscription(), wanted.sequence(), 0, "", new byte[0],
            "Its record cannot be read: " + problem, 0, 0, false, logPosition);
    }

    /**
     * Writes where each parked event stands. Called by the log thread.
     *
     * @param handler takes the messages of the checkpoint.
     */
    public void writeCheckpoint(final ControlMessageHandler handler) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
        final ParkedAtEncoder encoder = new ParkedAtEncoder();
        for (final ParkedEvent event : byLogPosition.values()) {
            encoder.wrapAndApplyHeader(buffer, 0, headerEncoder)
                .sequence(event.sequence()).logPosition(event.logPosition()).subscription(event.subscription());
            handler.onMessage(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    /**
     * The lowest log position that a parked event needs. For any thread.
     *
     * @return the position; {@link Long#MAX_VALUE} when nothing is parked.
     */
    public long lowestLogPosition() {
        final Map.Entry<Long, ParkedEvent> first = byLogPosition.firstEntry();
        return first == null ? Long.MAX_VALUE : first.getKey();
    }

    /**
     * The parked events whose records stand before a log position: to be appended again, byte by byte, before the
     * segments there are purged. For any thread.
     *
     * @param logPosition the first that stays.
     * @return the events in the order of their log positions.
     */
    public List<ParkedEvent> below(final long logPosition) {
        return List.copyOf(byLogPosition.headMap(logPosition).values());
    }

    /**
     * What one subscription has parked. For any thread.
     *
     * @param subscription its name.
     * @return a part of this that follows the log as well; the same with each call.
     */
    public ParkedOfSubscription of(final String subscription) {
        return bySubscription.computeIfAbsent(subscription, ParkedOfSubscription::new);
    }

    /**
     * One parked event. For any thread.
     *
     * @param subscription whose event it is.
     * @param sequence     of the event.
     * @return the event, or null when it is not parked.
     */
    public ParkedEvent find(final String subscription, final long sequence) {
        final ParkedOfSubscription parked = bySubscription.get(subscription);
        return parked == null ? null : parked.find(sequence);
    }

    /** {@return every parked event, in the order of subscriptions and sequences; for any thread} */
    public List<ParkedEvent> events() {
        final List<ParkedEvent> events = new ArrayList<>(byLogPosition.values());
        events.sort(Comparator.comparing(ParkedEvent::subscription).thenComparingLong(ParkedEvent::sequence));
        return events;
    }

    /** {@return how many events are parked; for any thread} */
    public int count() {
        return count;
    }

    /** {@return how many events may be parked; for any thread} */
    public int maxEvents() {
        return maxEvents;
    }

    /** {@return whether no more may be parked; for any thread} */
    public boolean full() {
        return count >= maxEvents;
    }
}
