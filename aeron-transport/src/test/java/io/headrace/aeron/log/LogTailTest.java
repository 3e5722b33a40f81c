package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.IoUtil;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogTailTest {
    @Test
    void shouldFindTheEndOfAnEmptyLog() throws IOException {
        within(log -> {
            final LogTail tail = mend(log);
            assertEquals(0, tail.endPosition());
            assertEquals(0, tail.nextSequence());
            assertEquals(LogTail.NO_CHECKPOINT, tail.checkpointPosition());
            assertEquals(0, tail.cutBytes());
        });
    }

    @Test
    void shouldTellTheArchiveWhereTheLogEnds() throws IOException {
        within(log -> {
            log.fill(new Random(5), 3 * LogFiles.SEGMENT_LENGTH);
            final LogTail tail = mend(log);
            assertEquals(log.position(), tail.endPosition());
            assertEquals(log.position(), ArchiveCatalog.require(log.folder()).stopPosition());
            assertEquals(0, tail.cutBytes());
        });
    }

    @Test
    void shouldFindTheLastCheckpointInAnEarlierSegment() throws IOException {
        within(log -> {
            final Random random = new Random(6);
            log.append(RecordType.CONTROL, 0, 0, 1, LogFiles.payload(random, 10));
            final long start = log.position();
            log.append(RecordType.CONTROL, 0, 0, 1, LogFiles.payload(random, 10));
            log.checkpointEnd(0, 1, start);
            for (int i = 0; log.position() < 3 * LogFiles.SEGMENT_LENGTH; i++) {
                log.event(i, i + 1, i, LogFiles.payload(random, 500));
            }
            assertEquals(start, mend(log).checkpointPosition());
        });
    }

    @Property(tries = 120)
    void shouldCutWhateverACrashLeaves(@ForAll final long seed, @ForAll @IntRange(max = 12_000) final int lost)
        throws IOException {
        within(log -> {
            log.fill(new Random(seed), LogFiles.SEGMENT_LENGTH * 2 - 6_000);
            final long until = Math.max(0, log.position() - lost);
            final List<LogFiles.Written> kept = log.keptWhenCut(until);
            final LogFiles.Written last = kept.get(kept.size() - 1);

            final LogTail tail = mend(log);

            assertTrue(tail.endPosition() >= last.nextPosition() && tail.endPosition() <= until + LogFiles.TERM_LENGTH);
            assertEquals(last.nextSequence(), tail.nextSequence());
            assertEquals(last.timeNs(), tail.lastTimeNs());
            assertEquals(checkpointStart(kept), tail.checkpointPosition());
            assertReads(log, kept);
            final int rest = (int)(LogFiles.SEGMENT_LENGTH - tail.endPosition() % LogFiles.SEGMENT_LENGTH);
            if (Files.exists(log.segment(tail.endPosition()))) {
                assertArrayEquals(new byte[rest], log.read(tail.endPosition(), rest));
            }
            final LogTail again = mend(log);
            assertEquals(tail.endPosition(), again.endPosition());
            assertEquals(0, again.cutBytes());
        });
    }

    @Property(tries = 200)
    void shouldRefuseDamageWithWholeRecordsBehind(@ForAll final long seed, @ForAll @IntRange(max = 255) final int bits)
        throws IOException {
        within(log -> {
            final Random random = new Random(seed);
            log.append(RecordType.CONTROL, 0, 0, 1, LogFiles.payload(random, 10));
            log.checkpointEnd(0, 1, 0);
            for (int i = 0; log.position() < LogFiles.SEGMENT_LENGTH + 20_000; i++) {
                log.event(i, i + 1, i, LogFiles.payload(random, random.nextInt(3000)));
            }
            final int which = 2 + random.nextInt(log.written().size() - 3);
            final LogFiles.Written one = log.written().get(which);
            final long place = one.position() + 32 + random.nextInt(32 + Math.min(one.payload().length, 1000));
            final byte[] bytes = log.read(place, 1);
            bytes[0] ^= (byte)(bits == 0 ? 1 : bits);
            log.write(place, bytes);

            final LogException e = assertThrows(LogException.class, () -> mend(log));
            assertEquals(LogException.Category.DAMAGED, e.category());
            assertTrue(e.getMessage().contains("position " + one.position() + ","), e.getMessage());
            assertTrue(
                e.getMessage().contains("repair --from " + log.written().get(which + 1).sequence()), e.getMessage());
        });
    }

    private static long checkpointStart(final List<LogFiles.Written> kept) {
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.get(i).type() == RecordType.CHECKPOINT_END) {
                return kept.get(i - 1).position();
            }
        }
        return LogTail.NO_CHECKPOINT;
    }

    private static LogTail mend(final LogFiles log) {
        final LogTail tail = LogTail.find(log.files(), -1);
        tail.cut();
        return tail;
    }

    static void assertReads(final LogFiles log, final List<LogFiles.Written> expected) {
        try (AeronLogReader reader = AeronLogReader.open(log.folder())) {
            for (final LogFiles.Written one : expected) {
                assertTrue(reader.next());
                assertRecord(one, reader);
            }
            assertEquals(false, reader.next());
        }
    }

    static void assertRecord(final LogFiles.Written one, final AeronLogReader reader) {
        assertEquals(one.type(), reader.type());
        assertEquals(one.sequence(), reader.sequence());
        assertEquals(one.nextSequence(), reader.nextSequence());
        assertEquals(one.timeNs(), reader.timeNs());
        assertEquals(one.position(), reader.position());
        assertEquals(one.nextPosition(), reader.nextPosition());
        final byte[] payload = new byte[reader.lengthBytes()];
        reader.buffer().getBytes(reader.offset(), payload);
        assertArrayEquals(one.payload(), payload);
    }

    interface Body {
        void accept(LogFiles log) throws IOException;
    }

    static void within(final Body body) throws IOException {
        final Path folder = Files.createTempDirectory("headrace-log");
        try (LogFiles log = new LogFiles(folder)) {
            body.accept(log);
        } finally {
            IoUtil.delete(folder.toFile(), false);
        }
    }
}
