package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogVerification;
import io.headrace.bus.log.RecordType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogDamageTest {
    @Property(tries = 300)
    void shouldDeliverNothingThatWasNotWritten(
        @ForAll final long seed, @ForAll @IntRange(max = 7) final int kind, @ForAll final boolean bounded)
        throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            log.fill(random, LogFiles.SEGMENT_LENGTH + LogFiles.SEGMENT_LENGTH / 2);
            final long place = damage(log, random, kind);
            final SparseIndex index = SparseIndex.load(log.files());
            final long limit = bounded ? log.position() : Long.MAX_VALUE;
            int count = 0;
            LogException fault = null;
            try (AeronLogReader reader = new AeronLogReader(log.files(), () -> limit, () -> 0, index)) {
                while (reader.next()) {
                    LogTailTest.assertRecord(log.written().get(count), reader);
                    count++;
                }
            } catch (final LogException e) {
                fault = e;
            }
            if (fault != null) {
                assertEquals(LogException.Category.DAMAGED, fault.category());
            }
            final long before = log.written().stream().filter(one -> one.nextPosition() <= place).count();
            assertTrue(count >= before, "read " + count + " of " + before + " whole records before the damage");
            if (fault == null && !bounded) {
                assertNothingWholeIsLeft(log, count);
            }
            if (fault == null && bounded) {
                assertEquals(log.written().size(), count);
            }
        });
    }

    @Property(tries = 100)
    void shouldMendOrRefuseWithNothingButALogException(
        @ForAll final long seed, @ForAll @IntRange(max = 7) final int kind)
        throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            log.fill(random, LogFiles.SEGMENT_LENGTH + LogFiles.SEGMENT_LENGTH / 2);
            damage(log, random, kind);
            final LogVerification before = LogVerifier.verify(log.folder(), part -> { });
            try {
                final LogTail tail = LogTail.find(log.files(), -1);
                tail.cut();
                assertEquals(tail.endPosition(), LogTail.find(log.files(), -1).endPosition());
                assertEquals(0, LogTail.usedBehind(log.files(), tail.endPosition()));
            } catch (final LogException e) {
                assertEquals(LogException.Category.DAMAGED, e.category());
                assertTrue(!before.whole());
            }
        });
    }

    @Property(tries = 100)
    void shouldRepairAndKeepEverythingElse(@ForAll final long seed, @ForAll @IntRange(max = 7) final int kind)
        throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(seed);
            log.fill(random, 2 * LogFiles.SEGMENT_LENGTH + LogFiles.SEGMENT_LENGTH / 2);
            damage(log, random, kind);
            log.lengthen();
            damage(log, random, random.nextInt(6));
            final LogVerification found = LogVerifier.verify(log.folder(), part -> { });
            final List<byte[]> bytes = new ArrayList<>();
            for (final LogVerification.Damage damage : found.damages()) {
                bytes.add(read(log, damage));
            }
            for (int i = 0; i < bytes.size(); i++) {
                // A control record behind one damage and before another has the same sequence as the latter's end.
                final LogVerification.Damage given = LogRepair.repair(
                    log.folder(), LogVerifier.damages(log.files()).get(0).nextGoodSequence());
                assertEquals(found.damages().get(i), given);
                assertArrayEquals(bytes.get(i), Files.readAllBytes(LogRepair.keptFile(log.folder(), given)));
            }
            final List<LogFiles.Written> kept = log.written().stream()
                .filter(one -> found.damages().stream().noneMatch(
                    damage -> one.position() >= damage.position() && one.position() < damage.endPosition()))
                .filter(one -> one.position() < found.log().endPosition())
                .toList();
            final LogVerification after = LogVerifier.verify(log.folder(), part -> { });
            assertTrue(after.whole());
            assertEquals(kept.size(), after.eventCount() + after.controlCount());
            assertEquals(found.eventCount(), after.eventCount());
            assertEquals(found.tornTailBytes(), after.tornTailBytes());
            LogTailTest.assertReads(log, kept);
        });
    }

    @Test
    void shouldNotCountACheckpointOfWhichAPartWasGivenUp() throws IOException {
        LogTailTest.within(log -> {
            final Random random = new Random(2);
            final long[] starts = new long[3];
            for (int i = 0; i < starts.length; i++) {
                log.fill(random, log.position() + 30_000);
                starts[i] = log.position();
                final long next = log.written().get(log.written().size() - 1).nextSequence();
                log.append(RecordType.CONTROL, next, next, 1, LogFiles.payload(random, 100));
                log.append(RecordType.CONTROL, next, next, 1, LogFiles.payload(random, 100));
                log.checkpointEnd(next, 1, starts[i]);
            }
            assertEquals(starts[2], LogTail.find(log.files(), -1).checkpointPosition());
            flip(log, starts[2] + 70, 1);
            assertEquals(
                LogException.Category.DAMAGED,
                assertThrows(LogException.class, () -> LogTail.find(log.files(), -1)).category());
            LogRepair.repair(
                log.folder(), LogVerifier.verify(log.folder(), part -> { }).damages().get(0).nextGoodSequence());
            final long hint = log.written().get(log.written().size() - 1).position();
            assertTrue(LogTail.find(log.files(), hint).checkpointPosition() < starts[2]);
            assertTrue(LogTail.find(log.files(), -1).checkpointPosition() >= starts[1]);
        });
    }

    @Test
    void shouldNotRepairALogThatIsWritten() throws IOException {
        LogTailTest.within(log -> {
            try (LogLock lock = LogLock.acquire(log.folder())) {
                final LogException e = assertThrows(
                    LogException.class, () -> LogRepair.repair(lock.folder(), 7));
                assertEquals(LogException.Category.IN_USE, e.category());
            }
            final LogException e = assertThrows(LogException.class, () -> LogRepair.repair(log.folder(), 7));
            assertEquals(LogException.Category.MISSING, e.category());
        });
    }

    @Test
    void shouldTellTheProgressOfAVerification() throws IOException {
        LogTailTest.within(log -> {
            log.fill(new Random(1), LogFiles.SEGMENT_LENGTH);
            final List<Double> told = new ArrayList<>();
            final LogVerification found = LogVerifier.verify(log.folder(), told::add);
            assertEquals(1.0, told.get(told.size() - 1));
            assertEquals(log.written().size(), found.eventCount() + found.controlCount());
            assertEquals(log.position(), found.log().endPosition());
            assertEquals(0, found.tornTailBytes());
        });
    }

    private static void assertNothingWholeIsLeft(final LogFiles log, final int readCount) {
        for (int i = readCount; i < log.written().size(); i++) {
            final LogFiles.Written one = log.written().get(i);
            try (RecordScanner scanner = new RecordScanner(log.files())) {
                assertTrue(scanner.step(one.position(), Long.MAX_VALUE) != RecordScanner.Result.RECORD
                    || scanner.position() != one.position(), "a whole record was not read: " + one);
            }
        }
    }

    /** Does something to the files, and tells the first place of it. */
    static long damage(final LogFiles log, final Random random, final int kind) {
        final LogFiles.Written one = log.written().get(random.nextInt(log.written().size()));
        final int length = (int)(one.nextPosition() - one.position());
        final long place = one.position() + random.nextInt(length);
        final int left = (int)(LogFiles.SEGMENT_LENGTH - place % LogFiles.SEGMENT_LENGTH);
        switch (kind) {
            case 0 -> flip(log, place, 1 << random.nextInt(8));
            case 1 -> flip(log, one.position() + random.nextInt(24), 1 << random.nextInt(8));
            case 2 -> {
                final byte[] noise = new byte[1 + random.nextInt(Math.min(left, 5000))];
                random.nextBytes(noise);
                log.write(place, noise);
            }
            case 3 -> log.write(place, new byte[1 + random.nextInt(Math.min(left, 9000))]);
            case 4 -> {
                final LogFiles.Written other = log.written().get(random.nextInt(log.written().size()));
                final int copied = (int)Math.min(
                    LogFiles.SEGMENT_LENGTH - one.position() % LogFiles.SEGMENT_LENGTH,
                    other.nextPosition() - other.position());
                log.write(one.position(), log.read(other.position(), copied));
                return one.position();
            }
            case 5 -> {
                return flipPadding(log, random);
            }
            case 6 -> shorten(log, place);
            default -> log.cut(place);
        }
        return place;
    }

    /** Loses the end of a segment's file, as if it had been copied by half. */
    private static void shorten(final LogFiles log, final long place) {
        try (RandomAccessFile file = new RandomAccessFile(log.segment(place).toFile(), "rw")) {
            file.setLength(place % LogFiles.SEGMENT_LENGTH);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips a bit in the header of the padding that ends a term. */
    private static long flipPadding(final LogFiles log, final Random random) {
        for (int i = 1; i < log.written().size(); i++) {
            final long end = log.written().get(i - 1).nextPosition();
            if (end != log.written().get(i).position()) {
                flip(log, end + random.nextInt(24), 1 << random.nextInt(8));
                return end;
            }
        }
        return log.position();
    }

    private static void flip(final LogFiles log, final long place, final int bits) {
        final byte[] bytes = log.read(place, 1);
        bytes[0] ^= (byte)bits;
        log.write(place, bytes);
    }

    private static byte[] read(final LogFiles log, final LogVerification.Damage damage) {
        final byte[] bytes = new byte[(int)(damage.endPosition() - damage.position())];
        int done = 0;
        while (done < bytes.length) {
            final long place = damage.position() + done;
            final int length = (int)Math.min(
                bytes.length - done, LogFiles.SEGMENT_LENGTH - place % LogFiles.SEGMENT_LENGTH);
            System.arraycopy(log.read(place, length), 0, bytes, done, length);
            done += length;
        }
        return Arrays.copyOf(bytes, done);
    }
}
