package io.headrace.adapters.file;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.headrace.adapters.json.DebeziumOptions;
import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.log.EpochHistory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FileSinkTest {
    private static final String START = "2026-11-21T18:20:30Z";
    private static final String FIRST = "readings-20261121T182030Z-000001.jsonl";

    @TempDir
    private Path directory;
    private final TestSinkContext context = new TestSinkContext(START);

    /** Hundreds of lines are torn on purpose; their warnings would hide everything else. */
    @BeforeAll
    static void quieten() {
        ((Logger)LoggerFactory.getLogger(FileSeries.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger)LoggerFactory.getLogger(FileSeries.class)).setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(FileSync.class)
    void shouldAppendOneLineForEachEventAndCompleteTheFileWhenClosed(final FileSync fsync) throws Exception {
        try (FileSink sink = sink(options().fsync(fsync))) {
            sink.deliver(TestBatches.readings(1, 3));
            sink.deliver(TestBatches.readings(4, 2));
            sink.idle();

            assertEquals(List.of(FIRST + ".part"), names());
            assertEquals(Health.State.UP, context.health().state());
        }

        assertEquals(List.of(FIRST), names());
        assertEquals(sequences(1, 5), sequencesIn(FIRST));
        assertEquals(Files.size(directory.resolve(FIRST)), context.count("written-bytes"));
        assertEquals(1, context.count("completed-files"));
    }

    @Test
    void shouldMakeNoFileForNothing() throws Exception {
        try (FileSink sink = sink(options())) {
            sink.idle();
        }
        assertEquals(List.of(), names());
    }

    @Test
    void shouldRotateBeforeAFileGrowsPastItsSize() throws Exception {
        try (FileSink sink = sink(options().rotateBytes(1024))) {
            for (int i = 0; i < 10; i++) {
                sink.deliver(TestBatches.readings(i, 1));
            }
        }

        assertTrue(names().size() > 1, names().toString());
        for (final String name : names()) {
            assertTrue(Files.size(directory.resolve(name)) <= 1024, name);
        }
        assertEquals(sequences(0, 9), sequencesInAll());
    }

    @Test
    void shouldWriteABatchThatIsLargerThanAFileWhole() throws Exception {
        try (FileSink sink = sink(options().rotateBytes(1024))) {
            sink.deliver(TestBatches.readings(0, 20));
            sink.deliver(TestBatches.readings(20, 1));
        }

        assertEquals(sequences(0, 19), sequencesIn(FIRST));
        assertEquals(sequences(0, 20), sequencesInAll());
    }

    @Test
    void shouldRotateAtTheEndOfAUtcIntervalAlsoWhenIdle() throws Exception {
        try (FileSink sink = sink(options().rotateInterval(Duration.ofHours(1)))) {
            sink.deliver(TestBatches.readings(1, 1));
            context.advance(Duration.ofMinutes(39).plusSeconds(29));
            sink.idle();
            assertEquals(List.of(FIRST + ".part"), names());

            context.advance(Duration.ofSeconds(1));
            sink.idle();
            assertEquals(List.of(FIRST), names());

            sink.deliver(TestBatches.readings(2, 1));
            assertEquals(List.of(FIRST, "readings-20261121T190000Z-000002.jsonl.part"), names());

            context.advance(Duration.ofHours(2));
            sink.deliver(TestBatches.readings(3, 1));
        }

        assertEquals(
            List.of(FIRST, "readings-20261121T190000Z-000002.jsonl", "readings-20261121T210000Z-000003.jsonl"),
            names());
        assertEquals(sequences(1, 3), sequencesInAll());
    }

    @Test
    void shouldNotRotateByTimeWhenTheIntervalIsZeroNorWhenTheClockGoesBack() throws Exception {
        try (FileSink sink = sink(options().rotateInterval(Duration.ZERO))) {
            sink.deliver(TestBatches.readings(1, 1));
            context.advance(Duration.ofDays(3));
            sink.idle();
            assertEquals(List.of(FIRST + ".part"), names());
        }
        try (FileSink sink = sink(options().rotateInterval(Duration.ofHours(1)))) {
            sink.deliver(TestBatches.readings(2, 1));
            context.advance(Duration.ofHours(-2));
            sink.deliver(TestBatches.readings(3, 1));
        }
        assertEquals(2, names().size());
    }

    @Test
    void shouldNeverOverwriteAFile() throws Exception {
        Files.writeString(directory.resolve("readings-20250101T000000Z-000041.jsonl"), "old\n");
        Files.writeString(directory.resolve("readings-20261121T182030Z-000042.jsonl.gz"), "old");
        Files.writeString(directory.resolve("unrelated.txt"), "old");
        try (FileSink sink = sink(options().fileName("{name}-{counter}.jsonl"))) {
            sink.deliver(TestBatches.readings(1, 1));
            // Somebody makes a file under the name that ours would get.
            Files.writeString(directory.resolve("readings-000001.jsonl"), "other\n");
        }
        assertEquals("other\n", Files.readString(directory.resolve("readings-000001.jsonl")));
        assertEquals(sequences(1, 1), sequencesIn("readings-000002.jsonl"));

        try (FileSink sink = sink(options())) {
            sink.deliver(TestBatches.readings(2, 1));
        }
        assertEquals(sequences(2, 2), sequencesIn("readings-20261121T182030Z-000043.jsonl"));
        assertEquals("old\n", Files.readString(directory.resolve("readings-20250101T000000Z-000041.jsonl")));
    }

    @Test
    void shouldCutATornLastLineWhereverItWasTorn() throws Exception {
        final byte[] complete = lines(1, 2);
        final byte[] torn = lines(3, 1);
        for (int length = 0; length <= torn.length; length++) {
            final Path part = directory.resolve(FIRST + ".part");
            Files.write(part, complete);
            Files.write(part, Arrays.copyOf(torn, length), StandardOpenOption.APPEND);
            final TestSinkContext freshContext = withoutLog();
            touch(part, START);
            final boolean isWhole = length == torn.length;
            try (FileSink sink = new FileSink(options().build(), freshContext)) {
                sink.deliver(TestBatches.readings(isWhole ? 4 : 3, 1));
            }

            assertEquals(List.of(FIRST), names(), "length=" + length);
            assertEquals(sequences(1, isWhole ? 4 : 3), sequencesIn(FIRST), "length=" + length);
            assertEquals(isWhole || length == 0 ? 0 : 1, freshContext.count("torn-lines"), "length=" + length);
            Files.delete(directory.resolve(FIRST));
        }
    }

    @Test
    void shouldCutATornLineThatIsLongerThanWhatIsReadAtOnce() throws Exception {
        final Path part = directory.resolve(FIRST + ".part");
        Files.write(part, lines(1, 2));
        Files.write(part, new byte[200_000], StandardOpenOption.APPEND);
        touch(part, START);
        try (FileSink sink = new FileSink(options().build(), withoutLog())) {
            sink.deliver(TestBatches.readings(3, 1));
        }
        assertEquals(sequences(1, 3), sequencesIn(FIRST));

        Files.write(part, new byte[200_000]);
        touch(part, START);
        try (FileSink sink = new FileSink(options().build(), withoutLog())) {
            sink.idle();
        }
        assertEquals(List.of(FIRST), names());
    }

    @Test
    void shouldCompleteAFileOfAnEarlierIntervalWhenItStarts() throws Exception {
        final Path part = directory.resolve("readings-20261121T170001Z-000007.jsonl.part");
        Files.write(part, lines(1, 2));
        touch(part, "2026-11-21T17:59:59Z");
        try (FileSink sink = sink(options())) {
            sink.idle();
            assertEquals(List.of("readings-20261121T170001Z-000007.jsonl"), names());
            sink.deliver(TestBatches.readings(3, 1));
        }
        assertEquals(
            List.of("readings-20261121T170001Z-000007.jsonl", "readings-20261121T182030Z-000008.jsonl"), names());
    }

    @Test
    void shouldWriteWhatStandsBeforeAPoisonEventAndNameItsIndex() throws Exception {
        try (FileSink sink = sink(options())) {
            final DeliveryException poison = assertThrows(
                DeliveryException.class, () -> sink.deliver(TestBatches.readingsWithPoison(1, 5, 2)));
            assertEquals(FailureClass.POISON, poison.failureClass());
            assertEquals(2, poison.deliveredCount());
            assertEquals(2, poison.poisonIndex());
            sink.deliver(TestBatches.readings(4, 2));
        }
        assertEquals(List.of(1L, 2L, 4L, 5L), sequencesIn(FIRST));
    }

    @Test
    void shouldRefuseEventsThatDebeziumsEnvelopeHasNoPlaceFor() throws Exception {
        try (FileSink sink = sink(options().format(FileFormat.DEBEZIUM))) {
            final DeliveryException poison =
                assertThrows(DeliveryException.class, () -> sink.deliver(TestBatches.readings(1, 1)));
            assertEquals(0, poison.poisonIndex());
            assertTrue(poison.getMessage().contains("READING"), poison.getMessage());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void shouldWaitForAMissingDirectoryAndGoOnWhenItIsThere() throws Exception {
        final Path missing = directory.resolve("missing");
        final FileSinkOptions options = options().directory(missing).build();
        try (FileSink sink = new FileSink(options, context)) {
            final DeliveryException failure =
                assertThrows(DeliveryException.class, () -> sink.deliver(TestBatches.readings(1, 2)));
            assertEquals(FailureClass.RETRIABLE, failure.failureClass());
            assertEquals(0, failure.deliveredCount());
            assertTrue(failure.getMessage().contains("does not exist; create it"), failure.getMessage());
            assertEquals(Health.State.DOWN, context.health().state());
            assertEquals(1, context.count("failed-writes"));

            Files.createDirectory(missing);
            sink.deliver(TestBatches.readings(1, 2));
            assertEquals(Health.State.UP, context.health().state());
        }
        assertEquals(sequences(1, 2), sequencesIn("missing/" + FIRST));
    }

    @Test
    void shouldBeginAnotherFileWhenTheLastOneVanished() throws Exception {
        try (FileSink sink = sink(options())) {
            sink.deliver(TestBatches.readings(1, 1));
            Files.delete(directory.resolve(FIRST + ".part"));
            sink.deliver(TestBatches.readings(2, 1));
        }
        assertEquals(1, context.count("vanished-files"));
        assertEquals(sequences(2, 2), sequencesIn("readings-20261121T182030Z-000002.jsonl"));
    }

    @Test
    void shouldGoOnWithAFileThatComesBackWithItsDirectory() throws Exception {
        final Path mounted = Files.createDirectory(directory.resolve("mounted"));
        final Path away = directory.resolve("away");
        try (FileSink sink = new FileSink(options().directory(mounted).build(), context)) {
            sink.deliver(TestBatches.readings(1, 2));
            Files.move(mounted, away);
            assertThrows(DeliveryException.class, () -> sink.deliver(TestBatches.readings(3, 1)));
            Files.move(away, mounted);
            sink.deliver(TestBatches.readings(3, 1));
        }
        assertEquals(sequences(1, 3), sequencesIn("mounted/" + FIRST));
    }

    @Test
    void shouldRepeatNothingAfterAnInterrupt() throws Exception {
        try (FileSink sink = sink(options())) {
            sink.deliver(TestBatches.readings(1, 1));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> sink.deliver(TestBatches.readings(2, 2)));
            assertFalse(Thread.currentThread().isInterrupted());
            sink.deliver(TestBatches.readings(2, 2));
        }
        assertEquals(sequences(1, 3), sequencesIn(FIRST));
    }

    @Test
    void shouldRefuseAFileThatAnotherSinkWritesTo() throws Exception {
        try (FileSink sink = sink(options());
            FileSink other = new FileSink(options().build(), new TestSinkContext(START))) {
            sink.deliver(TestBatches.readings(1, 1));
            final DeliveryException failure =
                assertThrows(DeliveryException.class, () -> other.deliver(TestBatches.readings(2, 1)));
            assertEquals(FailureClass.RETRIABLE, failure.failureClass());
            assertTrue(failure.getMessage().contains("another process or sink"), failure.getMessage());
        }
        assertEquals(sequences(1, 1), sequencesIn(FIRST));
    }

    @Test
    void shouldCompressCompletedFilesAndWhatAnEarlierStartLeft() throws Exception {
        Files.write(directory.resolve("readings-20261121T170000Z-000001.jsonl"), lines(1, 2));
        Files.write(directory.resolve("readings-20261121T160000Z-000000.jsonl.gz.part"), new byte[] {1});
        try (FileSink sink = sink(options().compression(FileCompression.GZIP))) {
            sink.deliver(TestBatches.readings(3, 2));
        }

        await().untilAsserted(() -> assertEquals(2, context.count("compressed-files")));
        assertEquals(
            List.of("readings-20261121T170000Z-000001.jsonl.gz", "readings-20261121T182030Z-000002.jsonl.gz"),
            names());
        assertEquals(sequences(1, 2), sequencesIn("readings-20261121T170000Z-000001.jsonl.gz"));
        assertEquals(sequences(3, 4), sequencesIn("readings-20261121T182030Z-000002.jsonl.gz"));
    }

    @Test
    void shouldFindInPreflightWhatWouldKeepItFromWorking() {
        final FileSinkProvider provider = new FileSinkProvider();
        final List<PreflightFinding> good = provider.preflight(options().build());
        assertTrue(good.stream().noneMatch(finding -> finding.status() == PreflightFinding.Status.FAILED));
        assertEquals(3, good.size());

        final List<PreflightFinding> missing =
            provider.preflight(options().directory(directory.resolve("missing")).build());
        assertEquals(PreflightFinding.Status.FAILED, missing.get(0).status());
        assertTrue(missing.get(0).remedy().startsWith("mkdir -p "), missing.get(0).remedy());

        final List<PreflightFinding> full = provider.preflight(options().rotateBytes(Long.MAX_VALUE).build());
        assertEquals(PreflightFinding.Status.WARNING, full.get(2).status());
    }

    @Test
    void shouldRefuseOptionsThatCannotWork() {
        assertEquals(List.of(), options().build().problems());
        for (final String name : new String[] {
            "x.jsonl", "{counter}{counter}", "{counter}-{day}", "a/{counter}", ".{counter}"}) {
            assertEquals("fileName", options().fileName(name).build().problems().get(0).option(), name);
        }
        assertEquals(
            "rotateInterval",
            options().rotateInterval(Duration.ofMinutes(7)).build().problems().get(0).option());
        assertEquals("directory", options().directory(Path.of("")).build().problems().get(0).option());
    }

    private FileSink sink(final Options options) {
        return new FileSink(options.build(), context);
    }

    private static TestSinkContext withoutLog() {
        return new TestSinkContext(START, EpochHistory.withoutLog());
    }

    private Options options() {
        return new Options(directory);
    }

    private byte[] lines(final long from, final int count) throws Exception {
        final Path other = Files.createTempDirectory("headrace-lines");
        try (FileSink sink = new FileSink(options().directory(other).build(), withoutLog())) {
            sink.deliver(TestBatches.readings(from, count));
        }
        final byte[] lines = Files.readAllBytes(other.resolve(FIRST));
        Files.delete(other.resolve(FIRST));
        Files.delete(other);
        return lines;
    }

    private static void touch(final Path file, final String time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).sorted()
                .toList();
        }
    }

    private static List<Long> sequences(final long from, final long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private List<Long> sequencesInAll() throws IOException {
        final List<Long> sequences = new ArrayList<>();
        for (final String name : names()) {
            sequences.addAll(sequencesIn(name));
        }
        return sequences;
    }

    private List<Long> sequencesIn(final String name) throws IOException {
        return SequencesOfFile.read(directory.resolve(name));
    }

    /** Options with the defaults of the annotations, but small. */
    static final class Options {
        private Path directory;
        private String fileName = "{name}-{time}-{counter}.jsonl";
        private FileFormat format = FileFormat.HEADRACE;
        private long rotateBytes = 1024 * 1024;
        private Duration rotateInterval = Duration.ofHours(1);
        private FileCompression compression = FileCompression.NONE;
        private FileSync fsync = FileSync.BATCH;

        Options(final Path directory) {
            this.directory = directory;
        }

        Options directory(final Path value) {
            directory = value;
            return this;
        }

        Options fileName(final String value) {
            fileName = value;
            return this;
        }

        Options format(final FileFormat value) {
            format = value;
            return this;
        }

        Options rotateBytes(final long value) {
            rotateBytes = value;
            return this;
        }

        Options rotateInterval(final Duration value) {
            rotateInterval = value;
            return this;
        }

        Options compression(final FileCompression value) {
            compression = value;
            return this;
        }

        Options fsync(final FileSync value) {
            fsync = value;
            return this;
        }

        FileSinkOptions build() {
            return new FileSinkOptions(
                directory.toString(), fileName, format, new ByteSize(rotateBytes), rotateInterval, compression, fsync,
                Duration.ofSeconds(1), "erp", DebeziumOptions.DecimalHandling.PRECISE,
                DebeziumOptions.IntervalHandling.NUMERIC);
        }
    }
}
