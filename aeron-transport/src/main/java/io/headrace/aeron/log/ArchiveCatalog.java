package io.headrace.aeron.log;

import io.aeron.archive.codecs.CatalogHeaderDecoder;
import io.aeron.archive.codecs.RecordingDescriptorDecoder;
import io.aeron.archive.codecs.RecordingDescriptorHeaderDecoder;
import io.aeron.archive.codecs.RecordingState;
import io.headrace.bus.log.LogException;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import static org.agrona.BitUtil.align;

/**
 * Reads the archive's catalog file, where the length of terms and segments stand, without an archive. For any thread,
 * also while an archive has the file. Writing is for a log that no process writes.
 *
 * <p>The one thing written is where the recording stopped. A dead process leaves that open, and the archive would guess
 * it from the last segment's frames: it cannot tell a torn frame, and refuses to start when the last frame's last page
 * is all zeros, torn or not. {@link LogTail} knows better, and so the archive has nothing to guess.
 */
final class ArchiveCatalog {
    static final String FILE_NAME = "archive.catalog";

    private static final int HEADER_LENGTH = CatalogHeaderDecoder.BLOCK_LENGTH;
    private static final int DESCRIPTOR_HEADER_LENGTH = RecordingDescriptorHeaderDecoder.BLOCK_LENGTH;
    private static final int MAX_LENGTH = 64 << 20;

    private ArchiveCatalog() {
    }

    /**
     * Reads the log's recording.
     *
     * @param folder of the log.
     * @return the recording, or null when the archive has none yet.
     * @throws LogException when the catalog cannot be read, or holds what no log of ours has.
     */
    static Recording read(final Path folder) {
        try {
            final UnsafeBuffer buffer = load(folder);
            if (buffer == null) {
                return null;
            }
            final int offset = find(folder, buffer);
            return offset < 0 ? null : decode(folder, buffer, offset);
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot read " + folder.resolve(FILE_NAME), e);
        }
    }

    /**
     * Reads the log's recording, which must be there.
     *
     * @param folder of the log.
     * @return the recording.
     * @throws LogException when there is none, or as {@link #read(Path)}.
     */
    static Recording require(final Path folder) {
        final Recording recording = read(folder);
        if (recording == null) {
            throw new LogException(LogException.Category.MISSING, "there is no event log in " + folder, null);
        }
        return recording;
    }

    /**
     * Writes where the recording stopped.
     *
     * @param folder   of a log that no process writes.
     * @param position the end of the last whole record.
     */
    static void stopPosition(final Path folder, final long position) {
        final Path file = folder.resolve(FILE_NAME);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final UnsafeBuffer buffer = load(folder);
            final int offset = buffer == null ? -1 : find(folder, buffer);
            if (offset < 0) {
                throw new LogException(LogException.Category.MISSING, "no recording in " + file, null);
            }
            final ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            value.putLong(position).flip();
            channel.write(
                value,
                offset + DESCRIPTOR_HEADER_LENGTH + RecordingDescriptorDecoder.stopPositionEncodingOffset());
            channel.force(false);
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot write " + file, e);
        }
    }

    private static UnsafeBuffer load(final Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(FILE_NAME), StandardOpenOption.READ)) {
            final ByteBuffer bytes = ByteBuffer.allocate((int)Math.min(channel.size(), MAX_LENGTH));
            int length = 0;
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = channel.read(bytes, length);
                length += Math.max(count, 0);
            }
            return new UnsafeBuffer(bytes, 0, length);
        } catch (final NoSuchFileException e) {
            return null;
        }
    }

    /** The place of the one recording's descriptor, or -1. */
    private static int find(final Path folder, final UnsafeBuffer buffer) {
        if (buffer.capacity() < HEADER_LENGTH) {
            return -1;
        }
        final int alignment = buffer.getInt(CatalogHeaderDecoder.alignmentEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        if (Integer.bitCount(alignment) != 1 || alignment < 1) {
            return -1;
        }
        int found = -1;
        int offset = HEADER_LENGTH;
        while (offset + DESCRIPTOR_HEADER_LENGTH + RecordingDescriptorDecoder.BLOCK_LENGTH <= buffer.capacity()) {
            final int length = buffer.getInt(
                offset + RecordingDescriptorHeaderDecoder.lengthEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            if (length <= 0 || length > buffer.capacity() - offset) {
                break;
            }
            final int state = buffer.getInt(
                offset + RecordingDescriptorHeaderDecoder.stateEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            if (state == RecordingState.VALID.value()) {
                if (found >= 0) {
                    throw new LogException(
                        LogException.Category.MISMATCH,
                        folder.resolve(FILE_NAME) + " names more than one recording: it is not an event log's",
                        null);
                }
                found = offset;
            }
            offset += align(DESCRIPTOR_HEADER_LENGTH + length, alignment);
        }
        return found;
    }

    private static Recording decode(final Path folder, final UnsafeBuffer buffer, final int offset) {
        final RecordingDescriptorDecoder decoder = new RecordingDescriptorDecoder().wrap(
            buffer,
            offset + DESCRIPTOR_HEADER_LENGTH,
            RecordingDescriptorDecoder.BLOCK_LENGTH,
            RecordingDescriptorDecoder.SCHEMA_VERSION);
        final int termLength = decoder.termBufferLength();
        final int segmentLength = decoder.segmentFileLength();
        final boolean fits = Integer.bitCount(termLength) == 1 && termLength >= 1 << 16
            && Integer.bitCount(segmentLength) == 1 && segmentLength >= termLength
            && decoder.startPosition() >= 0;
        if (!fits) {
            throw new LogException(
                LogException.Category.DAMAGED,
                folder.resolve(FILE_NAME) + " is damaged: termLength=" + termLength + " segmentLength=" + segmentLength
                    + " startPosition=" + decoder.startPosition() + "; put back a copy of that file",
                null);
        }
        return new Recording(
            decoder.recordingId(),
            decoder.startPosition(),
            decoder.stopPosition(),
            decoder.initialTermId(),
            termLength,
            segmentLength,
            decoder.sessionId(),
            decoder.streamId());
    }
}
