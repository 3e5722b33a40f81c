package io.headrace.adapters.file;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.log.EpochHistory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a new process makes of what a killed one left: a copy of the directory as it was at that moment. */
class FileSinkRestartTest {
    private static final String START = "2026-11-21T18:20:30Z";
    private static final String FIRST = "readings-20261121T182030Z-000001.jsonl";
    private static final String SECOND = "readings-20261121T182030Z-000002.jsonl";
    private static final String POSITION = ".readings-time-counter-jsonl.position";

    @TempDir
    private Path folder;
    private final TestSinkContext context = new TestSinkContext(START);
    private Path directory;

    @BeforeAll
    static void quieten() {
        ((Logger)LoggerFactory.getLogger(FileSeries.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger)LoggerFactory.getLogger(FileSeries.class)).setLevel(null);
    }

    private FileSinkTest.Options options() throws IOException {
        if (directory == null) {
            directory = Files.createDirectory(folder.resolve("events"));
        }
        return new FileSinkTest.Options(directory);
    }

    /** As if the process were killed here: what follows in it, as the closing of the sink, is not seen. */
    private Path killed() throws IOException {
        return copy(directory, "killed");
    }

    private Path copy(final Path from, final String name) throws IOException {
        final Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (final Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private void restart(final Path found, final long fromSequence, final int count) throws Exception {
        directory = found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(fromSequence, count));
        }
    }

    /** What a reader finds that takes all files: {@code .gz} and not completed ones, too. */
    private List<Long> sequences() throws IOException {
        final List<Long> sequences = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.sorted().toList()) {
                if (!file.getFileName().toString().startsWith(".")) {
                    sequences.addAll(SequencesOfFile.read(file));
                }
            }
        }
        return sequences;
    }

    private static List<Long> upTo(final long end) {
        return LongStream.range(0, end).boxed().toList();
    }

    @Test
    void shouldWriteAReplayedEventAndGoOnWhereItWas() throws Exception {
        final EventBatch parked = TestBatches.readings(2, 1);
        parked.replayed(true);
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(parked);
            sink.deliver(TestBatches.readings(0, 2));
            sink.deliver(TestBatches.readings(3, 2));
            sink.deliver(parked);
            sink.deliver(TestBatches.readings(4, 2));
            found = killed();
        }
        restart(found, 4, 3);
        assertEquals(List.of(2L, 0L, 1L, 3L, 4L, 2L, 5L, 6L), sequences());
        assertEquals(1 + 2, context.count("already-applied-events"));
    }

    @ParameterizedTest
    @EnumSource(FileSync.class)
    void shouldLeaveOutWhatItHadWritten(final FileSync fsync) throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().fsync(fsync).build(), context)) {
            sink.deliver(TestBatches.readings(0, 5));
            sink.deliver(TestBatches.readings(3, 4));
            assertEquals(2, context.count("already-applied-events"));
            found = killed();
        }
        restart(found, 1, 8);
        assertEquals(upTo(9), sequences());
        assertEquals(2 + 6, context.count("already-applied-events"));
    }

    /** A replica's epochs grow while it runs; a position under the epoch before would be cut back to its end. */
    @Test
    void shouldStoreItsPositionUnderTheEpochOfNow() throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 3));
            context.beginEpoch(3);
            sink.deliver(TestBatches.readings(3, 2));
            found = killed();
        }
        restart(found, 1, 5);
        assertEquals(upTo(6), sequences());
        assertEquals(4, context.count("already-applied-events"));
    }

    @Test
    void shouldGoOnAfterAStopThatCompletedTheFile() throws Exception {
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 5));
        }
        restart(directory, 2, 5);
        assertEquals(upTo(7), sequences());
        assertTrue(Files.exists(directory.resolve(FIRST)) && Files.exists(directory.resolve(SECOND)));
    }

    @Test
    void shouldCutWhatWasWrittenButNotAcknowledgedWhereverItEnds() throws Exception {
        final Path found;
        final byte[] unacknowledged;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 3));
            found = killed();
            final long lengthBytes = Files.size(directory.resolve(FIRST + ".part"));
            sink.deliver(TestBatches.readings(3, 2));
            final byte[] all = Files.readAllBytes(directory.resolve(FIRST + ".part"));
            unacknowledged = Arrays.copyOfRange(all, (int)lengthBytes, all.length);
        }
        for (int length = 0; length <= unacknowledged.length; length += 7) {
            directory = Files.createDirectory(folder.resolve("torn-" + length));
            for (final String name : List.of(FIRST + ".part", POSITION)) {
                Files.copy(found.resolve(name), directory.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            }
            Files.write(directory.resolve(FIRST + ".part"), Arrays.copyOf(unacknowledged, length),
                StandardOpenOption.APPEND);
            restart(directory, 2, 6);
            assertEquals(upTo(8), sequences(), "length=" + length);
        }
        assertEquals(0, context.count("torn-lines"));
        assertTrue(context.count("taken-back-bytes") > 0);
    }

    @Test
    void shouldCutTheVeryFirstBatchThatWasNotAcknowledged() throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 1));
            found = killed();
        }
        // The entry of the first batch was not written, the one that names the file was.
        clearSlot(found.resolve(POSITION), 0);
        restart(found, 0, 3);
        assertEquals(upTo(3), sequences());
    }

    /** The slot of the newest entry, as a loss of power in the middle of it can leave it. */
    @Test
    void shouldUseTheEntryBeforeOneThatIsTorn() throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 2));
            sink.deliver(TestBatches.readings(2, 2));
            found = killed();
        }
        clearSlot(found.resolve(POSITION), 1);
        restart(found, 2, 3);
        assertEquals(upTo(5), sequences());
    }

    /** Generation 1 names the file, and is in the second slot; 2 follows in the first, and so on. */
    private static void clearSlot(final Path position, final int slot) throws IOException {
        final byte[] bytes = Files.readAllBytes(position);
        Arrays.fill(bytes, slot * 512 + 200, slot * 512 + 300, (byte)'x');
        Files.write(position, bytes);
    }

    @Test
    void shouldNotTrustAnEntryThatTheFileIsTooShortFor() throws Exception {
        final Path found;
        final long shorter;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 2));
            shorter = Files.size(directory.resolve(FIRST + ".part"));
            sink.deliver(TestBatches.readings(2, 2));
            found = killed();
        }
        try (var channel = Files.newByteChannel(found.resolve(FIRST + ".part"), StandardOpenOption.WRITE)) {
            channel.truncate(shorter + 10);
        }
        restart(found, 0, 5);
        assertEquals(upTo(5), sequences(), "the entry before it holds");
        assertEquals(1, context.count("lost-positions"));
    }

    @Test
    void shouldGoOnBetweenAnyTwoStepsOfARotation() throws Exception {
        final TreeMap<String, Path> states = new TreeMap<>();
        final Path start;
        final Path after;
        try (FileSink sink = new FileSink(options().rotateBytes(1024).build(), context)) {
            sink.deliver(TestBatches.readings(0, 3));
            start = copy(directory, "before");
            sink.deliver(TestBatches.readings(3, 3));
            after = copy(directory, "after");
        }
        assertTrue(Files.exists(after.resolve(FIRST)) && Files.exists(after.resolve(SECOND + ".part")));
        states.put("1 nothing done", copy(start, "s1"));
        final Path renamed = copy(start, "s2");
        Files.move(renamed.resolve(FIRST + ".part"), renamed.resolve(FIRST));
        states.put("2 the file has its final name", renamed);
        final Path begun = copy(renamed, "s3");
        Files.createFile(begun.resolve(SECOND + ".part"));
        states.put("3 the next one is begun", begun);
        final Path named = copy(begun, "s4");
        name(named.resolve(POSITION), SECOND, TestSinkContext.EPOCHS.positionText(2));
        states.put("4 it is named", named);
        final Path written = copy(named, "s5");
        Files.copy(after.resolve(SECOND + ".part"), written.resolve(SECOND + ".part"),
            StandardCopyOption.REPLACE_EXISTING);
        states.put("5 its lines are written", written);
        states.put("6 and acknowledged", copy(after, "s6"));
        for (final String state : states.keySet()) {
            restart(states.get(state), 1, 8);
            assertEquals(upTo(9), sequences(), state);
        }
    }

    private static void name(final Path position, final String fileName, final String text) throws IOException {
        try (PositionFile file = PositionFile.open(position)) {
            file.write(0, text, fileName);
        }
    }

    @ParameterizedTest
    @EnumSource(FileCompression.class)
    void shouldLeaveOneFormOfAFileWhoseCompressingWasCutOff(final FileCompression compression) throws Exception {
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 3));
        }
        try (OutputStream out = Files.newOutputStream(directory.resolve(FIRST + ".gz"));
            OutputStream gzip = new GZIPOutputStream(out)) {
            Files.copy(directory.resolve(FIRST), gzip);
        }
        Files.write(directory.resolve("readings-20261121T182030Z-000000.jsonl.gz.part"), new byte[] {1, 2});
        try (FileSink sink = new FileSink(options().compression(compression).build(), context)) {
            sink.deliver(TestBatches.readings(0, 4));
        }
        final boolean compressed = compression == FileCompression.GZIP;
        await().untilAsserted(() -> assertEquals(
            Set.of(FIRST + (compressed ? ".gz" : ""), SECOND + (compressed ? ".gz" : ""), POSITION), names()));
        assertEquals(upTo(4), sequences());
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new HashSet<>(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void shouldLoseNothingWhenItIsInterruptedAndClosed() throws Exception {
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 2));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> sink.deliver(TestBatches.readings(2, 2)));
        }
        restart(directory, 2, 3);
        assertEquals(upTo(5), sequences());
    }

    @Test
    void shouldAppendAsItFindsItWithAnotherLog() throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 2));
            found = killed();
        }
        final TestSinkContext otherLog = new TestSinkContext(START, EpochHistory.of(8).begin(1, 0));
        directory = found;
        try (FileSink sink = new FileSink(options().build(), otherLog)) {
            sink.deliver(TestBatches.readings(0, 1));
            sink.deliver(TestBatches.readings(0, 2));
        }
        assertEquals(List.of(0L, 1L, 0L, 1L), sequences());
    }

    @Test
    void shouldLeaveTheFileInProgressToItsBusWhenThisOneHasNoLog() throws Exception {
        final Path found;
        try (FileSink sink = new FileSink(options().build(), context)) {
            sink.deliver(TestBatches.readings(0, 2));
            found = killed();
        }
        directory = found;
        final TestSinkContext replay = new TestSinkContext(START, EpochHistory.withoutLog());
        try (FileSink sink = new FileSink(options().build(), replay)) {
            sink.deliver(TestBatches.readings(100, 1));
            sink.deliver(TestBatches.readings(100, 1));
        }
        assertTrue(Files.exists(directory.resolve(FIRST + ".part")));
        restart(directory, 1, 3);
        assertEquals(List.of(0L, 1L, 2L, 3L, 100L, 100L), sequences());
    }

    @Test
    void shouldStopAtAPositionThatTheLogCannotHaveGiven() throws Exception {
        final EpochHistory newer = TestSinkContext.EPOCHS.begin(2, 10);
        try (FileSink sink = new FileSink(options().build(), new TestSinkContext(START, newer))) {
            sink.deliver(TestBatches.readings(10, 2));
        }
        try (FileSink sink = new FileSink(options().build(), context)) {
            final DeliveryException failure =
                assertThrows(DeliveryException.class, () -> sink.deliver(TestBatches.readings(0, 1)));
            assertEquals(FailureClass.FATAL, failure.failureClass());
            assertTrue(failure.getMessage().contains("delete " + directory.resolve(POSITION)), failure.getMessage());
            assertEquals(Health.State.FAILED, context.health().state());
            Files.delete(directory.resolve(POSITION));
            sink.deliver(TestBatches.readings(0, 1));
        }
        assertEquals(List.of(10L, 11L, 0L), sequences());
    }
}
