package io.headrace.aeron.log;

import com.sun.management.ThreadMXBean;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AeronLogReaderTest {
    @Property(tries = 30)
    void shouldFollowAGrowingLogWithOrWithoutALimit(@ForAll final long seed) throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            final AtomicLong recorded = new AtomicLong();
            log.fill(random, 1);
            recorded.set(log.position());
            final SparseIndex index = SparseIndex.load(log.files());
            try (AeronLogReader within = new AeronLogReader(log.files(), recorded::get, () -> 0, index);
                AeronLogReader elsewhere = AeronLogReader.open(log.folder())) {
                int readWithin = 0;
                int readElsewhere = 0;
                while (log.position() < 3 * LogFiles.SEGMENT_LENGTH) {
                    log.fill(random, log.position() + random.nextInt(20_000));
                    for (; elsewhere.next(); readElsewhere++) {
                        LogTailTest.assertRecord(log.written().get(readElsewhere), elsewhere);
                    }
                    assertEquals(log.written().size(), readElsewhere);
                    // Everything up to the recorded position and nothing behind it.
                    final int count = readWithin + random.nextInt(log.written().size() - readWithin + 1);
                    recorded.set(count == 0 ? 0 : log.written().get(count - 1).nextPosition());
                    for (; within.next(); readWithin++) {
                        LogTailTest.assertRecord(log.written().get(readWithin), within);
                    }
                    assertEquals(count, readWithin);
                }
            }
        });
    }

    @Property(tries = 30)
    void shouldFollowALogThatIsTornBetweenLooks(@ForAll final long seed) throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            log.fill(random, LogFiles.SEGMENT_LENGTH + 10_000);
            final byte[] first = log.read(0, LogFiles.SEGMENT_LENGTH);
            final int rest = (int)(log.position() - LogFiles.SEGMENT_LENGTH);
            final byte[] second = log.read(LogFiles.SEGMENT_LENGTH, rest);
            log.cut(0);
            Files.delete(log.segment(LogFiles.SEGMENT_LENGTH));
            log.close();
            int read = 0;
            try (AeronLogReader reader = AeronLogReader.open(log.folder())) {
                long until = 0;
                while (until < log.position()) {
                    final long from = until;
                    until = Math.min(log.position(), until + 1 + random.nextInt(9_000));
                    copy(log, first, 0, from, until);
                    copy(log, second, LogFiles.SEGMENT_LENGTH, from, until);
                    for (; reader.next(); read++) {
                        LogTailTest.assertRecord(log.written().get(read), reader);
                    }
                }
            }
            assertEquals(log.written().size(), read);
        });
    }

    @Test
    void shouldAllocateNothingForARecord() throws IOException {
        LogTailTest.within(log -> {
            log.fill(new Random(4), 5 * LogFiles.SEGMENT_LENGTH);
            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            final SparseIndex index = SparseIndex.load(log.files());
            try (AeronLogReader reader = new AeronLogReader(log.files(), log::position, () -> 0, index)) {
                readAll(reader);
                long fewestBytes = Long.MAX_VALUE;
                for (int i = 0; i < 20; i++) {
                    reader.seekPosition(0);
                    final long before = threads.getCurrentThreadAllocatedBytes();
                    readAll(reader);
                    fewestBytes = Math.min(fewestBytes, threads.getCurrentThreadAllocatedBytes() - before);
                }
                // Opening each of the six segments takes a path and a channel.
                assertTrue(fewestBytes < 6 * 8192, "allocated " + fewestBytes + " bytes for "
                    + log.written().size() + " records");
            }
        });
    }

    @Test
    void shouldReadOnWhenItsThreadIsInterrupted() throws IOException {
        LogTailTest.within(log -> {
            log.fill(new Random(8), 2 * LogFiles.SEGMENT_LENGTH);
            try (AeronLogReader reader = AeronLogReader.open(log.folder())) {
                Thread.currentThread().interrupt();
                for (final LogFiles.Written one : log.written()) {
                    assertTrue(reader.next());
                    LogTailTest.assertRecord(one, reader);
                }
                assertFalse(reader.next());
                assertTrue(Thread.interrupted());
            }
        });
    }

    @Test
    void shouldTellAMissingSegmentFromAnEnd() throws IOException {
        LogTailTest.within(log -> {
            log.fill(new Random(8), 3 * LogFiles.SEGMENT_LENGTH);
            Files.delete(log.segment(LogFiles.SEGMENT_LENGTH));
            try (AeronLogReader reader = AeronLogReader.open(log.folder())) {
                reader.seekSequence(log.written().get(0).sequence());
                final LogException e = assertThrows(LogException.class, () -> readAll(reader));
                assertEquals(LogException.Category.MISSING, e.category());
                assertTrue(e.getMessage().contains("0-" + LogFiles.SEGMENT_LENGTH + ".rec"), e.getMessage());
            }
        });
    }

    @Test
    void shouldRefuseWhatANewerVersionWrote() throws IOException {
        LogTailTest.within(log -> {
            final byte[] payload = {1, 2, 3};
            log.event(0, 1, 1, payload);
            log.appendRaw(LogFiles.record((byte)9, RecordType.EVENT, 1, 2, 1, payload));
            try (AeronLogReader reader = AeronLogReader.open(log.folder())) {
                assertTrue(reader.next());
                assertEquals(
                    LogException.Category.MISMATCH, assertThrows(LogException.class, reader::next).category());
            }
            assertEquals(
                LogException.Category.MISMATCH,
                assertThrows(LogException.class, () -> LogTail.find(log.files(), -1)).category());
        });
    }

    @Test
    void shouldSayThatThereIsNoLog() throws IOException {
        LogTailTest.within(log -> assertEquals(
            LogException.Category.MISSING,
            assertThrows(LogException.class, () -> AeronLogReader.open(log.folder().resolve("none"))).category()));
    }

    @Test
    void shouldTellTypesApart() throws IOException {
        LogTailTest.within(log -> {
            log.append(RecordType.CONTROL, 0, 0, 1, new byte[0]);
            log.checkpointEnd(0, 1, 0);
            log.event(0, 4, 1, new byte[9000 - RecordDescriptor.HEADER_LENGTH - 900]);
            LogTailTest.assertReads(log, log.written());
        });
    }

    private static void readAll(final AeronLogReader reader) {
        boolean more = true;
        while (more) {
            more = reader.next();
        }
    }

    private static void copy(
        final LogFiles log, final byte[] bytes, final long base, final long from, final long until) {
        final long start = Math.max(from, base);
        final long end = Math.min(until, base + bytes.length);
        if (start < end) {
            log.write(start, Arrays.copyOfRange(bytes, (int)(start - base), (int)(end - base)));
        }
    }
}
