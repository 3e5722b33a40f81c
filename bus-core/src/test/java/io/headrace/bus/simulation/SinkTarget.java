package io.headrace.bus.simulation;

import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The system behind the sinks of one subscription; it outlives the processes. Owned by the simulation's thread. */
final class SinkTarget {
    /** The events that are finished: applied, or left out as poison. */
    private final Set<Long> finished = new HashSet<>();
    private final Set<Long> mended = new HashSet<>();
    private boolean allMended;
    /** Of a transactional target: the position text of each lane, by lane and number of lanes. */
    private final Map<LaneName, String> positionTexts = new HashMap<>();
    private final Map<LaneName, Long> storedSequences = new HashMap<>();

    private record LaneName(int lane, int laneCount) {
    }

    /** What the position texts mean in this process. */
    static final class Applied {
        private final Map<LaneName, Long> positions = new HashMap<>();

        boolean contains(final RecordedEvent event) {
            return positions.entrySet().stream().anyMatch(entry ->
                SinkContext.laneOf(event.keyHash(), entry.getKey().laneCount()) == entry.getKey().lane()
                    && event.sequence() <= entry.getValue());
        }
    }

    Applied applied(final EpochHistory epochs) {
        final Applied applied = new Applied();
        positionTexts.forEach((lane, text) -> applied.positions.put(lane, epochs.positionOf(text)));
        return applied;
    }

    /** Stores a position in the same transaction as the data; never one behind what is stored. */
    void storePosition(final int lane, final int laneCount, final long sequence, final String text) {
        final LaneName name = new LaneName(lane, laneCount);
        if (storedSequences.getOrDefault(name, -1L) < sequence) {
            storedSequences.put(name, sequence);
            positionTexts.put(name, text);
        }
    }

    /** Poison events that it would take by now. */
    void mend(final long sequence) {
        mended.add(sequence);
    }

    void mendAll() {
        allMended = true;
    }

    boolean refuses(final RecordedEvent event) {
        return event.poison() && !allMended && !mended.contains(event.sequence());
    }

    /** Answers whether the event was not finished before. */
    boolean finish(final long sequence) {
        return finished.add(sequence);
    }

    boolean isFinished(final long sequence) {
        return finished.contains(sequence);
    }
}
