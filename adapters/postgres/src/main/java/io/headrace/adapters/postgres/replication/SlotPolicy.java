package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.PostgresSourceOptions;
import io.headrace.adapters.postgres.SnapshotMode;
import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import io.headrace.adapters.postgres.pgoutput.Lsn;
import io.headrace.bus.adapter.RecordedSource;

/**
 * The source's thread: decides with each connection what becomes of slot and snapshot, by what the server has, what the
 * event log holds of the source, and what this process did already. Whatever would leave something out either leads to
 * a new snapshot or stops the source.
 *
 * <pre>
 *  slot is there:  rows of a snapshot recorded, but not its end  ──▶ SNAPSHOT
 *                  nothing recorded, although there is a log     ──▶ SNAPSHOT
 *                  otherwise                                     ──▶ FOLLOW
 *  no slot:        it was there in this process                  ──▶ a person must act
 *                  snapshot: initial                             ──▶ SNAPSHOT
 *                  snapshot: never, and something is recorded    ──▶ a person must act
 *                  snapshot: never, and nothing is recorded      ──▶ CREATE
 * </pre>
 */
final class SlotPolicy {
    enum Action {
        /** Follow the stream of the slot that is there. */
        FOLLOW,
        /** Make the slot, without a snapshot. */
        CREATE,
        /** Drop the slot if it is there, take a snapshot, and make the slot at its place. */
        SNAPSHOT,
        /** Nothing is left to do. */
        DONE
    }

    private final PostgresSourceOptions options;
    private final boolean durable;
    private final RecordedSource recorded;
    private boolean snapshotTaken;
    private boolean followed;

    /**
     * A policy for the life of a process.
     *
     * @param options  of the source.
     * @param durable  whether the bus has an event log.
     * @param recorded what it holds of the source; null for nothing.
     */
    SlotPolicy(final PostgresSourceOptions options, final boolean durable, final RecordedSource recorded) {
        this.options = options;
        this.durable = durable;
        this.recorded = recorded;
    }

    /** The snapshot is whole, and its slot lasts. */
    void onSnapshotTaken() {
        snapshotTaken = true;
    }

    /** The stream of the slot was followed. */
    void onFollowed() {
        followed = true;
    }

    /**
     * What to do.
     *
     * @param slot         that lasts; null for none.
     * @param publishedLsn where the last event published or recorded came from.
     * @throws FatalSourceException when a person must act.
     */
    Action next(final Slots.Slot slot, final long publishedLsn) {
        if (options.snapshot() == SnapshotMode.ONLY) {
            return recorded != null && !recorded.snapshotOpen() ? Action.DONE : Action.SNAPSHOT;
        }
        final boolean takesSnapshot = options.snapshot() == SnapshotMode.INITIAL;
        if (slot != null) {
            requireUsable(slot);
            return takesSnapshot && isSnapshotDue() ? Action.SNAPSHOT : Action.FOLLOW;
        }
        if (!options.temporarySlot() && (followed || recorded != null && !takesSnapshot)) {
            throw new FatalSourceException("slot " + options.slotName() + " is gone, and with it the changes since " +
                Lsn.format(publishedLsn) + "; " + (takesSnapshot ?
                "start the source again to make a new slot with a new snapshot" :
                "set snapshot: initial and start the source again for a new snapshot, or accept that they are " +
                    "missing: SELECT pg_create_logical_replication_slot('" + options.slotName() + "', 'pgoutput')"));
        }
        return takesSnapshot ? Action.SNAPSHOT : Action.CREATE;
    }

    /**
     * Whether a new slot means that changes are missing between what is published and what comes now.
     *
     * @return true if so.
     */
    boolean leavesGap() {
        return followed || recorded != null && !recorded.snapshotOpen() && !snapshotTaken;
    }

    private boolean isSnapshotDue() {
        return durable && !options.temporarySlot() && !snapshotTaken && (recorded == null || recorded.snapshotOpen());
    }

    private void requireUsable(final Slots.Slot slot) {
        final String drop = "drop it (SELECT pg_drop_replication_slot('" + slot.name() + "')) or set another " +
            "slot-name";
        if (!"pgoutput".equals(slot.plugin()) || !options.database().equals(slot.database())) {
            throw new FatalSourceException("slot " + slot.name() + " belongs to plugin " + slot.plugin() +
                " and database " + slot.database() + ", not to pgoutput and " + options.database() + "; " + drop);
        }
        if ("lost".equals(slot.walStatus())) {
            throw new FatalSourceException("slot " + slot.name() + " is lost: the server threw away log that it " +
                "needs, as more than max_slot_wal_keep_size was kept; changes are missing. " + drop +
                ", then start the source again for a new snapshot");
        }
    }
}
