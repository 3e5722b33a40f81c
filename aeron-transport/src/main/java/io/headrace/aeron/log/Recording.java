package io.headrace.aeron.log;

import io.aeron.archive.client.AeronArchive;

/**
 * The log's one recording, as the archive's catalog describes it. Immutable, for any thread. It makes positions in the
 * log into places in files and terms.
 *
 * @param recordingId        in the archive.
 * @param startPosition      the first log position that was not purged.
 * @param stopPosition       where the archive stopped it, or {@code AeronArchive.NULL_POSITION} while it goes on or
 *                           when the process died.
 * @param initialTermId      the id of the term at position 0.
 * @param termLengthBytes    of the publication, a power of two.
 * @param segmentLengthBytes of each segment file, a power of two, at least a term.
 * @param sessionId          of the publication that wrote it last.
 * @param streamId           of the publication.
 */
record Recording(
    long recordingId,
    long startPosition,
    long stopPosition,
    int initialTermId,
    int termLengthBytes,
    int segmentLengthBytes,
    int sessionId,
    int streamId) {

    /** {@return the log position at which the segment that holds the given one begins} */
    long segmentBase(final long position) {
        return AeronArchive.segmentFileBasePosition(startPosition, position, termLengthBytes, segmentLengthBytes);
    }

    /** {@return where in its segment the position is} */
    int segmentOffset(final long position) {
        return (int)(position - segmentBase(position));
    }

    /** {@return where in its term the position is} */
    int termOffset(final long position) {
        return (int)(position & (termLengthBytes - 1));
    }

    /** {@return the id of the term that holds the position} */
    int termId(final long position) {
        return initialTermId + (int)(position >> Integer.numberOfTrailingZeros(termLengthBytes));
    }

    /** {@return the longest message that a publication of that term length takes, in bytes} */
    int maxMessageLengthBytes() {
        return Math.min(termLengthBytes / 8, 16 << 20);
    }
}
