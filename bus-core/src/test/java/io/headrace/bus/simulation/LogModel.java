package io.headrace.bus.simulation;

import io.headrace.bus.log.RecordType;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventParkedView;
import io.headrace.codecs.ParkedResolvedView;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import io.headrace.codecs.sbe.Resolution;
import io.headrace.codecs.sbe.SubscriptionPositionDecoder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the log may hold: follows the disk, and checks each event as it appears there. Owned by the thread of the
 * simulation.
 */
final class LogModel {
    private final SimulatedDisk disk;
    private final Map<String, SimulatedSource> sources;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final Map<Long, Integer> indexBySequence = new HashMap<>();
    private final Map<String, Long> lastItems = new HashMap<>();
    private final Map<String, Set<Long>> seenItems = new HashMap<>();
    private final Map<String, Long> beginSequences = new HashMap<>();
    private final Set<Parked> wasParked = new HashSet<>();
    private final Set<Parked> dropped = new HashSet<>();
    private final Set<Parked> replayed = new HashSet<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubscriptionPositionDecoder positionDecoder = new SubscriptionPositionDecoder();
    private final Map<String, long[]> highestPositions = new HashMap<>();
    private final EventParkedView parkedView = new EventParkedView();
    private final ParkedResolvedView resolvedView = new ParkedResolvedView();
    private final Consumer<Happening> happened;
    private int nextRecord;
    private long nextSequence;

    private record Parked(String subscription, long sequence) {
    }

    LogModel(
        final SimulatedDisk disk, final Map<String, SimulatedSource> sources, final Consumer<Happening> happened) {
        this.happened = happened;
        this.disk = disk;
        this.sources = sources;
    }

    /** Looks at what was recorded since the last call. */
    void follow() {
        for (; nextRecord < disk.size(); nextRecord++) {
            final SimulatedDisk.Entry entry = disk.entry(nextRecord);
            check(entry.sequence() >= nextSequence && entry.nextSequence() >= entry.sequence(),
                "sequence " + entry.sequence() + " stands behind a record that says " + nextSequence);
            if (entry.type() == RecordType.EVENT) {
                take(RecordedEvent.of(entry.bytes(), 0, entry.bytes().capacity()), entry);
            } else if (entry.type() == RecordType.CONTROL) {
                takePosition(entry);
                takeParking(entry);
            }
            nextSequence = entry.nextSequence();
        }
    }

    private void take(final RecordedEvent event, final SimulatedDisk.Entry entry) {
        check(event.sequence() == entry.sequence(), "event " + event + " is recorded as " + entry.sequence());
        check(event.timeNs() == entry.timeNs(), "event " + event + " is recorded at " + entry.timeNs());
        indexBySequence.put(event.sequence(), events.size());
        events.add(event);
        if (event.mark() == Mark.BEGIN) {
            beginSequences.putIfAbsent(event.source() + event.transaction(), event.sequence());
        }
        if (event.itemIndex() < 0) {
            return;
        }
        final SimulatedSource source = sources.get(event.source());
        if (source.ordered()) {
            final long last = lastItems.getOrDefault(event.source(), -1L);
            check(event.itemIndex() == last + 1, "event " + event + " follows item " + last + " of its source");
        }
        lastItems.put(event.source(), event.itemIndex());
        check(seenItems.computeIfAbsent(event.source(), name -> new HashSet<>()).add(event.itemIndex()),
            "event " + event + " holds an item that was recorded before");
        final EventItem item = source.items().get((int)event.itemIndex());
        check(item.topic().equals(event.topic()) && item.mark() == event.mark()
            && item.transaction() == event.transaction() && item.poison() == event.poison(),
            "event " + event + " is not " + item);
    }

    private void takePosition(final SimulatedDisk.Entry entry) {
        if (header.wrap(entry.bytes(), 0).templateId() == SubscriptionPositionDecoder.TEMPLATE_ID) {
            positionDecoder.wrapAndApplyHeader(entry.bytes(), 0, header);
            final SubscriptionPositionDecoder.LanesDecoder lanes = positionDecoder.lanes();
            final long[] told = new long[lanes.count()];
            for (int i = 0; i < told.length; i++) {
                told[i] = lanes.next().finishedSequence();
            }
            final String subscription = positionDecoder.subscription();
            final long[] highest = highestPositions.get(subscription);
            for (int i = 0; highest != null && highest.length == told.length && i < told.length; i++) {
                told[i] = Math.max(told[i], highest[i]);
            }
            highestPositions.put(subscription, told);
        }
    }

    /** How far a subscription was ever recorded to have finished, with the lanes that it had last; null for nothing. */
    long[] highestPosition(final String subscription) {
        return highestPositions.get(subscription);
    }

    private void takeParking(final SimulatedDisk.Entry entry) {
        if (parkedView.wrap(entry.bytes(), 0, entry.bytes().capacity()) == DecodeError.NONE) {
            wasParked.add(new Parked(parkedView.subscription(), parkedView.sequence()));
            happened.accept(parkedView.heldBack() ? Happening.HELD_BACK : Happening.POISON_PARKED);
        } else if (resolvedView.wrap(entry.bytes(), 0, entry.bytes().capacity()) == DecodeError.NONE) {
            final Parked resolved = new Parked(resolvedView.subscription(), resolvedView.sequence());
            check(wasParked.contains(resolved), resolved + " is resolved, but was never parked");
            if (resolvedView.resolution() == Resolution.DROPPED) {
                dropped.add(resolved);
                happened.accept(Happening.DROPPED);
            } else {
                replayed.add(resolved);
                happened.accept(Happening.REPLAYED);
            }
        }
    }

    /** Whether the log says that a subscription has parked an event, now or earlier. */
    boolean wasParked(final String subscription, final long sequence) {
        return wasParked.contains(new Parked(subscription, sequence));
    }

    /** Whether the log says that a parked event was given up. */
    boolean isDropped(final String subscription, final long sequence) {
        return dropped.contains(new Parked(subscription, sequence));
    }

    /** Whether the log says that a parked event was taken by its sink. */
    boolean isReplayed(final String subscription, final long sequence) {
        return replayed.contains(new Parked(subscription, sequence));
    }

    private static void check(final boolean holds, final String problem) {
        if (!holds) {
            throw new AssertionError("In the log " + problem);
        }
    }

    /** What was confirmed is in the log. */
    void checkConfirmed() {
        follow();
        for (final SimulatedSource source : sources.values()) {
            final Set<Long> seen = seenItems.getOrDefault(source.name(), Set.of());
            for (final EventItem item : source.items()) {
                check(!source.isConfirmed(item.index()) || seen.contains(item.index()),
                    "there is no " + item + ", but it was confirmed");
            }
        }
    }

    /** Every item of every source is in the log. */
    void checkComplete() {
        follow();
        for (final SimulatedSource source : sources.values()) {
            check(seenItems.getOrDefault(source.name(), Set.of()).size() == source.items().size(),
                "items of " + source.name() + " are missing");
        }
    }

    List<RecordedEvent> events() {
        return events;
    }

    /** The last item of a source that is recorded; -1 for none. */
    long lastItem(final String source) {
        return lastItems.getOrDefault(source, -1L);
    }

    /** The index in {@link #events()} of an event; null for one that is not recorded. */
    Integer indexOf(final long sequence) {
        return indexBySequence.get(sequence);
    }

    /** The index of the first event with at least a sequence. */
    int indexFrom(final long sequence) {
        int index = 0;
        while (index < events.size() && events.get(index).sequence() < sequence) {
            index++;
        }
        return index;
    }

    /** The sequence with which a transaction first began. */
    long beginSequence(final RecordedEvent event) {
        return beginSequences.getOrDefault(event.source() + event.transaction(), Long.MAX_VALUE);
    }
}
