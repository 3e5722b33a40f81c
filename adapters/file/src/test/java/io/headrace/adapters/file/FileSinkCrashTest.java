package io.headrace.adapters.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.adapters.testkit.EventFixtures;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Kills a process that writes, again and again, and delivers to the next one from a place before the last that was
 * acknowledged, as a bus with an event log does. {@code -Dheadrace.kills=100} for the long run, {@code -Dheadrace.seed}
 * to repeat one.
 */
class FileSinkCrashTest {
    private static final int KILL_COUNT = Integer.getInteger("headrace.kills", 5);
    private static final int MAX_ACKNOWLEDGED = 40;
    private static final int MAX_REPEATED = 500;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(FileFormat.class)
    void shouldHoldEachEventOnceHoweverOftenItIsKilled(final FileFormat format) throws Exception {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        System.out.println("FileSinkCrashTest format=" + format + " headrace.seed=" + seed);
        final Random random = new Random(seed);
        long acknowledged = -1;
        for (int i = 0; i < KILL_COUNT; i++) {
            final long begin = firstSequence(random, acknowledged);
            acknowledged = Math.max(acknowledged, writeUntilKilled(random, format, begin));
        }
        final long end = acknowledged + 10;
        final long begin = firstSequence(random, acknowledged);
        try (FileSink sink = CrashingWriter.sink(directory, format, random)) {
            sink.deliver(CrashingWriter.batch(begin, (int)(end - begin), false));
        }
        assertEquals(LongStream.range(0, end).boxed().toList(), numbers(), "headrace.seed=" + seed);
    }

    private static long firstSequence(final Random random, final long acknowledged) {
        return Math.max(0, acknowledged + 1 - random.nextInt(MAX_REPEATED));
    }

    private long writeUntilKilled(final Random random, final FileFormat format, final long fromSequence)
        throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-Xmx128m",
            "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CrashingWriter.class.getName(), directory.toString(), Long.toString(fromSequence),
            Long.toString(random.nextLong()), format.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        long acknowledged = -1;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int left = 1 + random.nextInt(MAX_ACKNOWLEDGED);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(CrashingWriter.ACKNOWLEDGED)) {
                    // The very last line may be torn: then it only says less than was acknowledged.
                    acknowledged = Math.max(acknowledged, number(line));
                    if (--left == 0) {
                        // By its handle, as the process itself would close what is left to be read.
                        assertTrue(process.toHandle().destroyForcibly());
                    }
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertEquals(128 + 9, process.waitFor(), "it ended before it was killed");
        return acknowledged;
    }

    private static long number(final String line) {
        final String digits = line.substring(CrashingWriter.ACKNOWLEDGED.length());
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }

    /** The numbers of all lines of all files, in the order of the files. */
    private List<Long> numbers() throws IOException {
        final List<Long> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.sorted().toList()) {
                final String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    assertTrue(name.endsWith(".jsonl") || name.endsWith(".jsonl.gz"), name);
                    read(file, numbers);
                }
            }
        }
        return numbers;
    }

    private static void read(final Path file, final List<Long> numbers) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
            InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                numbers.add(MAPPER.readTree(line).findValue("after").get(EventFixtures.NUMBER_COLUMN).longValue());
            }
        }
    }
}
