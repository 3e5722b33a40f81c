package io.headrace.bus.simulation;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogRecordHandler;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.CheckpointEndDecoder;
import io.headrace.codecs.sbe.LogEpochDecoder;
import io.headrace.codecs.sbe.MessageHeaderDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * What outlives a simulated process: the records of its event log. Purged ones are only marked as gone, so that a model
 * can look at all that ever was. Owned by the thread of the simulation.
 */
public final class SimulatedDisk {
    private static final int ALIGNMENT = 32;

    private final long logId;
    private final List<Entry> entries = new ArrayList<>();
    private int firstIndex;

    /** One record. */
    public record Entry(
        RecordType type,
        long sequence,
        long nextSequence,
        long timeNs,
        long position,
        UnsafeBuffer bytes) {

        long endPosition() {
            return position + (bytes.capacity() + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    /** An empty disk for a log with a number. */
    public SimulatedDisk(final long logId) {
        this.logId = logId;
    }

    /** {@return the number of the log} */
    public long logId() {
        return logId;
    }

    void add(final Entry entry) {
        if (entry.position() != endPosition()) {
            throw new AssertionError("A record for position " + entry.position() + " comes at " + endPosition());
        }
        entries.add(entry);
    }

    /** {@return a record that was ever recorded} */
    public Entry entry(final int index) {
        return entries.get(index);
    }

    /** {@return how many records were ever recorded} */
    public int size() {
        return entries.size();
    }

    /** {@return the index of the first record that is not purged} */
    public int firstIndex() {
        return firstIndex;
    }

    long startPosition() {
        return firstIndex == entries.size() ? endPosition() : entries.get(firstIndex).position();
    }

    /** {@return the log position behind the last record} */
    public long endPosition() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).endPosition();
    }

    /** {@return the first sequence that an event behind the last record may have} */
    public long nextSequence() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).nextSequence();
    }

    /** The index of the record that begins at a log position, or of the one to come. */
    int indexOf(final long position) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (entries.get(middle).position() < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low < entries.size() ? entries.get(low).position() != position : position != endPosition()) {
            throw new LogException(
                LogException.Category.DAMAGED, "No record begins at log position " + position, null);
        }
        return low;
    }

    /** Lets go of records from the front as long as nobody needs them, at most so many. */
    void purge(final long neededSequence, final long neededPosition, final int maxRecords) {
        int count = 0;
        while (count < maxRecords && firstIndex < entries.size()
            && entries.get(firstIndex).endPosition() <= neededPosition
            && entries.get(firstIndex).nextSequence() <= neededSequence) {
            firstIndex++;
            count++;
        }
    }

    /** The disk forgets its last records, as a machine does that loses power before they are on it. */
    void losePower(final int records) {
        shrink(Math.max(firstIndex, entries.size() - records));
    }

    /** Cuts everything from an event on, as the event log does for a replica. */
    void cut(final long fromSequence) {
        int size = firstIndex;
        while (size < entries.size() && entries.get(size).nextSequence() <= fromSequence
            && !beginsEpoch(entries.get(size), fromSequence)) {
            size++;
        }
        shrink(size);
    }

    private static boolean beginsEpoch(final Entry entry, final long fromSequence) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(entry.bytes(), 0);
        return entry.type() == RecordType.CONTROL && header.templateId() == LogEpochDecoder.TEMPLATE_ID
            && new LogEpochDecoder().wrapAndApplyHeader(entry.bytes(), 0, header).firstSequence() >= fromSequence;
    }

    private void shrink(final int size) {
        while (entries.size() > size) {
            entries.remove(entries.size() - 1);
        }
    }

    /** Where recovery begins: the start of the last complete checkpoint. */
    public int recoveryIndex() {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final CheckpointEndDecoder end = new CheckpointEndDecoder();
        for (int i = entries.size() - 1; i >= firstIndex; i--) {
            if (entries.get(i).type() == RecordType.CHECKPOINT_END) {
                final long startPosition =
                    end.wrapAndApplyHeader(entries.get(i).bytes(), 0, header).startPosition();
                final int index = indexOf(startPosition);
                if (index < firstIndex || index > i) {
                    throw new AssertionError("The checkpoint that ends with record " + i + " of " + entries.size()
                        + " begins with record " + index + ", and " + firstIndex + " is the first one kept");
                }
                return index;
            }
        }
        return firstIndex;
    }

    /** Shows the records from an index on. */
    public void feed(final int fromIndex, final LogRecordHandler handler) {
        for (int i = fromIndex; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            handler.onRecord(entry.type(), entry.sequence(), entry.nextSequence(), entry.position(),
                entry.bytes(), 0, entry.bytes().capacity());
        }
    }
}
