package io.headrace.bus.adapter;

/**
 * What the event log holds of a source. Immutable, except the array, which is the receiver's.
 *
 * @param lastSequence    of the last recorded event of the source; it counts as finished.
 * @param sourcePosition  of the last recorded event of the source that has one; empty when none has.
 * @param openTransaction whether the last recorded transaction has a begin mark and no commit mark yet.
 * @param snapshotOpen    whether rows of a snapshot are recorded, and its end mark is not.
 */
public record RecordedSource(
    long lastSequence, byte[] sourcePosition, boolean openTransaction, boolean snapshotOpen) {
}
