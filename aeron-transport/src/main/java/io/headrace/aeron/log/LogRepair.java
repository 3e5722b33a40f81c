package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogVerification.Damage;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static io.aeron.protocol.DataHeaderFlyweight.HEADER_LENGTH;

/**
 * Gives up a damaged range of a log: keeps its bytes in a file of their own, and lays padding frames over it, which
 * readers and the archive pass over. Used by one thread, on a log that no process writes.
 */
final class LogRepair {
    private static final int CHUNK_LENGTH = 64 << 10;

    private final SegmentFiles files;
    private final Recording recording;

    private LogRepair(final SegmentFiles files) {
        this.files = files;
        this.recording = files.recording();
    }

    /**
     * Gives up the damage before a sequence.
     *
     * @param folder       of the log.
     * @param fromSequence the first sequence that is whole again.
     * @return the damage that was given up.
     * @throws LogException when a process writes the log, there is no such damage, or the files cannot be written.
     */
    static Damage repair(final Path folder, final long fromSequence) {
        ArchiveCatalog.require(folder);
        try (LogLock lock = LogLock.acquire(folder)) {
            final SegmentFiles files = new SegmentFiles(lock.folder(), ArchiveCatalog.require(folder));
            final Damage damage = find(files, LogVerifier.damages(files), fromSequence);
            new LogRepair(files).giveUp(damage);
            SparseIndex.forget(files, damage.position(), damage.endPosition());
            return damage;
        } catch (final IOException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot repair the event log in " + folder, e);
        }
    }

    /** Where the kept bytes of a damage are. */
    static Path keptFile(final Path folder, final Damage damage) {
        return folder.resolve("damaged-" + damage.position() + ".bin");
    }

    private static Damage find(final SegmentFiles files, final List<Damage> damages, final long fromSequence) {
        for (final Damage damage : damages) {
            if (damage.nextGoodSequence() == fromSequence) {
                return damage;
            }
        }
        final List<Long> sequences = damages.stream().map(Damage::nextGoodSequence).toList();
        throw new LogException(
            LogException.Category.MISSING,
            "no damage in the event log in " + files.folder() + " ends before sequence " + fromSequence
                + (sequences.isEmpty() ? ": nothing in it is damaged" : "; the log is whole again from " + sequences),
            null);
    }

    private void giveUp(final Damage damage) throws IOException {
        keep(damage);
        final int longest = Math.min(recording.maxMessageLengthBytes(), recording.termLengthBytes());
        long place = damage.position();
        while (place < damage.endPosition()) {
            final int termLeft = recording.termLengthBytes() - recording.termOffset(place);
            final int length = (int)Math.min(Math.min(termLeft, longest), damage.endPosition() - place);
            pad(place, length);
            place += length;
        }
    }

    private void keep(final Damage damage) throws IOException {
        final Path kept = keptFile(files.folder(), damage);
        try (FileChannel target = FileChannel.open(
            kept, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long place = damage.position();
            while (place < damage.endPosition()) {
                final long base = recording.segmentBase(place);
                final long until = Math.min(damage.endPosition(), base + recording.segmentLengthBytes());
                if (Files.exists(files.path(base))) {
                    try (FileChannel source = FileChannel.open(files.path(base), StandardOpenOption.READ)) {
                        copy(source, place - base, target, place - damage.position(), until - place);
                    }
                }
                place = until;
            }
            target.force(true);
        }
    }

    private static void copy(
        final FileChannel source,
        final long sourceOffset,
        final FileChannel target,
        final long targetOffset,
        final long length) throws IOException {
        long done = 0;
        long count = 1;
        while (done < length && count > 0) {
            target.position(targetOffset + done);
            count = source.transferTo(sourceOffset + done, length - done, target);
            done += count;
        }
    }

    /** The header last: until then the place is as damaged as before, and can be repaired again. */
    private void pad(final long place, final int length) throws IOException {
        final long base = recording.segmentBase(place);
        final int offset = (int)(place - base);
        final Path file = files.path(base);
        if (!Files.exists(file) || Files.size(file) < recording.segmentLengthBytes()) {
            try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
                whole.setLength(recording.segmentLengthBytes());
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_LENGTH);
            for (int done = HEADER_LENGTH; done < length; done += CHUNK_LENGTH) {
                zeros.clear().limit(Math.min(CHUNK_LENGTH, length - done));
                write(channel, zeros, offset + done);
            }
            final UnsafeBuffer header = new UnsafeBuffer(ByteBuffer.allocateDirect(HEADER_LENGTH));
            GivenUpRange.putFrame(header, 0, recording, place, length);
            write(channel, header.byteBuffer(), offset);
            channel.force(false);
        }
    }

    private static void write(final FileChannel channel, final ByteBuffer bytes, final long offset)
        throws IOException {
        long place = offset;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }
}
