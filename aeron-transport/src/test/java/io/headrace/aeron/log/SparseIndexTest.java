package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SparseIndexTest {
    private static final int STRIDE = 4096;

    @Property(tries = 60)
    void shouldBeRebuiltAsItWasWritten(@ForAll final long seed) throws IOException {
        LogTailTest.within(log -> {
            final IndexTable written = write(log, seed).entries();
            assertTrue(written.count() > 60);
            assertSame(written, IndexFile.load(log.folder()));

            Files.delete(log.folder().resolve(IndexFile.FILE_NAME));
            final SparseIndex missing = SparseIndex.load(log.files(), STRIDE);
            missing.settle(log.position());
            missing.completeTimes(log.position());
            assertSame(written, missing.entries());
            missing.close();
            assertSame(written, IndexFile.load(log.folder()));
        });
    }

    @Property(tries = 60)
    void shouldAddWhatTheLastProcessDidNotWrite(
        @ForAll final long seed, @ForAll @IntRange(max = 90) final int keptPercent)
        throws IOException {
        LogTailTest.within(log -> {
            final IndexTable written = write(log, seed).entries();
            final Path file = log.folder().resolve(IndexFile.FILE_NAME);
            final byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length * keptPercent / 100));
            final SparseIndex index = SparseIndex.load(log.files(), STRIDE);
            index.settle(log.position());
            index.completeTimes(log.position());
            index.close();
            assertSame(written, IndexFile.load(log.folder()));
        });
    }

    @Property(tries = 60)
    void shouldDropWhatIsAheadOfTheLog(@ForAll final long seed, @ForAll @IntRange(max = 100_000) final int lost)
        throws IOException {
        LogTailTest.within(log -> {
            final IndexTable written = write(log, seed).entries();
            final List<LogFiles.Written> kept = log.keptWhenCut(log.position() - lost);
            final long lastPosition = kept.get(kept.size() - 1).position();
            final LogTail tail = LogTail.find(log.files(), SparseIndex.load(log.files()).checkpointEndHint());
            tail.cut();
            final SparseIndex index = SparseIndex.load(log.files(), STRIDE);
            index.settle(tail.endPosition());
            index.close();
            assertSame(written.between(0, lastPosition + 1), IndexFile.load(log.folder()));
        });
    }

    @Property(tries = 60)
    void shouldSeekLikeALinearSearch(@ForAll final long seed, @ForAll @IntRange(max = 5) final int kindOfIndex)
        throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            final SparseIndex index = indexOf(log, seed, kindOfIndex);
            final long limit = kindOfIndex % 2 == 0 ? log.position() : Long.MAX_VALUE;
            try (AeronLogReader reader = new AeronLogReader(log.files(), () -> limit, () -> 0, index)) {
                for (int i = 0; i < 40; i++) {
                    final LogFiles.Written any = log.written().get(random.nextInt(log.written().size()));
                    final long sequence = any.sequence() + random.nextInt(3) - 1;
                    reader.seekSequence(sequence);
                    assertNext(first(log.written(), one -> one.sequence() >= sequence), reader);
                    final long timeNs = any.timeNs() + random.nextInt(3) - 1;
                    reader.seekTime(timeNs);
                    assertNext(first(log.written(), one -> one.timeNs() >= timeNs), reader);
                    reader.seekPosition(any.position());
                    assertNext(any, reader);
                }
                reader.seekSequence(Long.MAX_VALUE);
                assertFalse(reader.next());
                reader.seekTime(Long.MAX_VALUE);
                assertFalse(reader.next());
            }
        });
    }

    @Property(tries = 40)
    void shouldTakeOverTheTimesThatAReaderFound(@ForAll final long seed) throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            log.fill(random, 3 * LogFiles.SEGMENT_LENGTH);
            final SparseIndex index = SparseIndex.load(log.files(), STRIDE);
            index.settle(log.position());
            assertEquals(0, index.entries().count());
            try (AeronLogReader reader = new AeronLogReader(log.files(), log::position, () -> 0, index)) {
                for (int i = 0; i < 6; i++) {
                    final int known = log.written().size();
                    long position = log.position();
                    log.fill(random, position + 20_000);
                    for (final LogFiles.Written one : log.written().subList(known, log.written().size())) {
                        index.onRecord(one.type(), one.sequence(), one.timeNs(), position);
                        position = one.nextPosition();
                    }
                    for (int j = 0; j < 10 && i % 3 != 2; j++) {
                        final long timeNs = log.written().get(random.nextInt(log.written().size())).timeNs();
                        reader.seekTime(timeNs);
                        assertNext(first(log.written(), one -> one.timeNs() >= timeNs), reader);
                    }
                }
                final IndexTable entries = index.entries();
                assertTrue(entries.timeNs(entries.count() - 1) < Long.MAX_VALUE);
                assertTrue(entries.count() > 60);
                assertFalse(index.isDistrusted());
            }
        });
    }

    @Test
    void shouldTellWhatWasPurged() throws IOException {
        LogTailTest.within(log -> {
            final SparseIndex index = write(log, 9);
            final long first = 2 * LogFiles.SEGMENT_LENGTH;
            Files.delete(log.segment(0));
            Files.delete(log.segment(LogFiles.SEGMENT_LENGTH));
            index.purge(first);
            final LogFiles.Written kept = first(log.written(), one -> one.position() >= first);
            try (AeronLogReader reader = new AeronLogReader(log.files(), log::position, () -> first, index)) {
                assertNext(first(log.written().stream().filter(one -> one.position() >= first).toList(), one -> true),
                    reader);
                reader.seekSequence(kept.sequence());
                assertNext(kept, reader);
                assertEquals(LogException.Category.PURGED,
                    assertThrows(LogException.class, () -> reader.seekSequence(1)).category());
                assertEquals(LogException.Category.PURGED,
                    assertThrows(LogException.class, () -> reader.seekPosition(0)).category());
                reader.seekTime(0);
                assertNext(kept, reader);
            }
        });
    }

    @Test
    void shouldReadOnInASegmentThatIsPurgedUnderIt() throws IOException {
        LogTailTest.within(log -> {
            log.fill(new Random(11), 3 * LogFiles.SEGMENT_LENGTH);
            final long[] first = {0};
            final SparseIndex index = SparseIndex.load(log.files());
            try (AeronLogReader reader = new AeronLogReader(log.files(), log::position, () -> first[0], index)) {
                assertTrue(reader.next());
                Files.delete(log.segment(0));
                Files.delete(log.segment(LogFiles.SEGMENT_LENGTH));
                first[0] = 2 * LogFiles.SEGMENT_LENGTH;
                final long inFirst = log.written().stream()
                    .filter(one -> one.position() < LogFiles.SEGMENT_LENGTH).count();
                for (int i = 1; i < inFirst; i++) {
                    assertTrue(reader.next());
                    LogTailTest.assertRecord(log.written().get(i), reader);
                }
                assertEquals(
                    LogException.Category.PURGED, assertThrows(LogException.class, reader::next).category());
            }
        });
    }

    @Test
    void shouldKeepTheIndexInMemoryWhenItsFileCannotBeWritten() throws IOException {
        LogTailTest.within(log -> {
            Files.createDirectory(log.folder().resolve(IndexFile.FILE_NAME));
            final SparseIndex index = write(log, 3);
            assertTrue(index.failedWriteCount() > 0);
            assertTrue(index.entries().count() > 60);
        });
    }

    private static SparseIndex indexOf(final LogFiles log, final long seed, final int kind) throws IOException {
        final SparseIndex written = write(log, seed);
        if (kind == 0) {
            return written;
        }
        if (kind == 1) {
            return SparseIndex.load(log.files(), STRIDE);
        }
        final Path file = log.folder().resolve(IndexFile.FILE_NAME);
        if (kind < 4) {
            Files.delete(file);
        } else if (kind == 4) {
            final byte[] bytes = Files.readAllBytes(file);
            bytes[new Random(seed).nextInt(bytes.length)] ^= 16;
            Files.write(file, bytes);
        } else {
            // An index of something else, with the right checksums.
            final IndexTable other = new IndexTable();
            for (int i = 0; i < 200; i++) {
                other.append(i * 7L, i * 5L, i * 2048L, SparseIndex.KIND_RECORD);
            }
            try (IndexFile wrong = new IndexFile(log.folder())) {
                wrong.replace(other);
            }
        }
        final SparseIndex index = SparseIndex.load(log.files(), STRIDE);
        if (kind % 2 == 0) {
            index.settle(log.position());
        }
        return index;
    }

    private static SparseIndex write(final LogFiles log, final long seed) {
        final SparseIndex index = SparseIndex.load(log.files(), STRIDE);
        index.settle(0);
        log.fill(new Random(seed), 3 * LogFiles.SEGMENT_LENGTH);
        long position = 0;
        for (final LogFiles.Written one : log.written()) {
            index.onRecord(one.type(), one.sequence(), one.timeNs(), position);
            position = one.nextPosition();
        }
        return index;
    }

    private static LogFiles.Written first(
        final List<LogFiles.Written> written, final java.util.function.Predicate<LogFiles.Written> wanted) {
        return written.stream().filter(one -> one.type() == RecordType.EVENT && wanted.test(one)).findFirst()
            .orElse(null);
    }

    private static void assertNext(final LogFiles.Written expected, final AeronLogReader reader) {
        boolean found = reader.next();
        while (found && expected != null
            && reader.position() < expected.position() && reader.type() != RecordType.EVENT) {
            found = reader.next();
        }
        assertEquals(expected != null, found);
        if (found) {
            LogTailTest.assertRecord(expected, reader);
        }
    }

    private static void assertSame(final IndexTable expected, final IndexTable actual) {
        assertEquals(expected.count(), actual.count());
        for (int i = 0; i < expected.count(); i++) {
            assertEquals(expected.sequence(i), actual.sequence(i));
            assertEquals(expected.position(i), actual.position(i));
            assertEquals(expected.timeNs(i), actual.timeNs(i));
            assertEquals(expected.kind(i), actual.kind(i));
        }
    }
}
