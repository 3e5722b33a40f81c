package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.sbe.EventKind;

/**
 * What a subscription has not finished yet, counted in the log. Immutable.
 *
 * @param eventCount     how many of its events are recorded behind its position.
 * @param more           whether there are still more: nobody counts without end.
 * @param oldestTimeNs   when the first of them was published, since the Unix epoch; 0 when there is none.
 */
public record SubscriptionLag(long eventCount, boolean more, long oldestTimeNs) {
    /** How many events are counted at most. */
    public static final long MAX_COUNTED = 1_000_000;

    /**
     * Counts.
     *
     * @param reader      of the log; it is moved.
     * @param position    the sequence up to which the subscription has finished.
     * @param endPosition the log position up to which is counted.
     * @param topics      of the subscription.
     * @return the lag.
     * @throws io.headrace.bus.log.LogException when a record is damaged, or was purged.
     */
    public static SubscriptionLag of(
        final LogReader reader, final long position, final long endPosition, final TopicSelector topics) {
        final EventView view = new EventView();
        long count = 0;
        long oldestTimeNs = 0;
        reader.seekSequence(position + 1);
        while (reader.next() && reader.position() < endPosition) {
            if (reader.type() == RecordType.EVENT
                && view.wrap(reader.buffer(), reader.offset(), reader.lengthBytes()) == DecodeError.NONE
                && view.kind() != EventKind.TRANSACTION
                && topics.matches(view.buffer(), view.topicOffset(), view.topicLength())) {
                if (count == MAX_COUNTED) {
                    return new SubscriptionLag(count, true, oldestTimeNs);
                }
                oldestTimeNs = count == 0 ? view.publishTimeNs() : oldestTimeNs;
                count++;
            }
        }
        return new SubscriptionLag(count, false, oldestTimeNs);
    }
}
