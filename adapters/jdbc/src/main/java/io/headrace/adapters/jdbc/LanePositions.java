package io.headrace.adapters.jdbc;

import io.headrace.bus.adapter.SinkContext;
import io.headrace.codecs.EventView;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which events the target has already: each lane's position on the bus is stored with the data, and what lies at or
 * before it was applied. Owned by the lane's thread.
 *
 * <p>When the number of lanes changes, an event's old lane tells whether it was applied. The positions of the old lanes
 * are kept until every lane of now has passed all of them; lane 0 removes them then. As each of them says something
 * that stays true, those of several numbers of lanes may stand side by side.
 */
final class LanePositions {
    private static final Pattern PART = Pattern.compile("lane ([0-9]{1,2}) of ([0-9]{1,2})");
    private static final long NONE = -1;

    private final SinkContext context;
    private final PositionsTable table;
    private final String ownPart;
    private boolean known;
    private long ownSequence;
    /** The positions of earlier lanes, by how many there were. */
    private final Map<Integer, long[]> earlier = new TreeMap<>();
    private long highestSequence;
    private int storeCount;

    LanePositions(final SinkContext context, final PositionsTable table) {
        this.context = context;
        this.table = table;
        ownPart = part(context.lane(), context.laneCount());
    }

    private static String part(final int lane, final int laneCount) {
        return "lane " + lane + " of " + laneCount;
    }

    /** Forgets what was not committed; the target is asked again. */
    void clear() {
        known = false;
    }

    /** Whether an event was applied before. */
    boolean applied(final EventView event) throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (!known) {
            read();
        }
        final long sequence = event.sequence();
        if (sequence > highestSequence) {
            return false;
        }
        if (sequence <= ownSequence) {
            return true;
        }
        for (final Map.Entry<Integer, long[]> lanes : earlier.entrySet()) {
            if (sequence <= lanes.getValue()[SinkContext.laneOf(event.keyHash(), lanes.getKey())]) {
                return true;
            }
        }
        return false;
    }

    private void read() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        ownSequence = NONE;
        highestSequence = NONE;
        earlier.clear();
        storeCount = 0;
        for (final Map.Entry<String, String> row : table.rows().entrySet()) {
            final Matcher matcher = PART.matcher(row.getKey());
            if (matcher.matches()) {
                read(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), row.getValue());
            }
        }
        known = true;
    }

    private void read(final int lane, final int laneCount, final String position)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final long sequence = sequenceOf(position);
        if (laneCount == context.laneCount()) {
            if (lane == context.lane()) {
                ownSequence = sequence;
                highestSequence = Math.max(highestSequence, sequence);
            }
        } else if (sequence != NONE && lane < laneCount) {
            earlier.computeIfAbsent(laneCount, LanePositions::unknown)[lane] = sequence;
            highestSequence = Math.max(highestSequence, sequence);
        } else if (context.lane() == 0) {
            // Of another event log: it says nothing any more.
            table.remove(part(lane, laneCount));
        }
    }

    private static long[] unknown(final int laneCount) {
        final long[] sequences = new long[laneCount];
        Arrays.fill(sequences, NONE);
        return sequences;
    }

    private long sequenceOf(final String position)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        try {
            return context.epochs().positionOf(position);
        } catch (final IllegalArgumentException ex) {
            throw ChangeRefusedException.fatal("the table " + table.table() + " holds a position that this event log "
                + "cannot have given: " + ex.getMessage() + ". The log was probably put back from an older copy: "
                + "put back the newer one. Or let the sink begin without its position, which applies events again "
                + "that the target may have, with: " + table.forgetStatement());
        }
    }

    /** Says up to where everything is applied when the open transaction is committed. */
    void store(final long sequence) throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        table.put(ownPart, context.epochs().positionText(sequence));
        ownSequence = sequence;
        highestSequence = Math.max(highestSequence, sequence);
        storeCount++;
        // Ever less often, as a lane may have no events at all, and would never pass the old positions.
        if (context.lane() == 0 && !earlier.isEmpty() && Integer.bitCount(storeCount) == 1) {
            removePassed();
        }
    }

    private void removePassed() throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final Map<String, String> rows = context.laneCount() == 1 ? Map.of() : table.currentRows();
        long lowest = ownSequence;
        for (int lane = 1; lane < context.laneCount(); lane++) {
            final String position = rows.get(part(lane, context.laneCount()));
            lowest = Math.min(lowest, position == null ? NONE : sequenceOf(position));
        }
        for (final long[] sequences : earlier.values()) {
            if (lowest < Arrays.stream(sequences).max().orElse(NONE)) {
                return;
            }
        }
        earlier.forEach((laneCount, sequences) -> {
            for (int lane = 0; lane < laneCount; lane++) {
                table.remove(part(lane, laneCount));
            }
        });
        earlier.clear();
    }
}
