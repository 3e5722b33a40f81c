package io.headrace.adapters.file;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Health;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A real file system that is really full, or really read-only. Mounting one needs root; skipped without. */
class DiskFullTest {
    private static final int DISK_BYTES = 256 * 1024;

    @TempDir
    private Path directory;
    private final TestSinkContext context = new TestSinkContext("2026-11-21T18:20:30Z");
    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", directory.toString());
        assumeTrue(mounted, "a tmpfs can be mounted only by root, outside of restricted containers");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", "-l", directory.toString());
        }
    }

    @Test
    void shouldTakeBackABatchThatTheDiskHasNoRoomForAndGoOnWhenThereIs() throws Exception {
        final Path ballast = directory.resolve("ballast");
        Files.write(ballast, new byte[DISK_BYTES / 2]);
        long sequence = 0;
        try (FileSink sink = sink()) {
            DeliveryException failure = null;
            while (failure == null) {
                failure = deliver(sink, sequence);
                sequence += failure == null ? 50 : 0;
                assertTrue(sequence < 10_000, "the disk is never full");
            }
            assertTrue(sequence > 0, "the disk was full from the beginning");
            assertEquals(FailureClass.RETRIABLE, failure.failureClass());
            assertTrue(failure.getMessage().contains("is full"), failure.getMessage());
            assertEquals(Health.State.DOWN, context.health().state());
            sink.idle();
            assertEquals(Health.State.DOWN, context.health().state());
            assertEquals(LongStream.range(0, sequence).boxed().toList(), sequences());

            Files.delete(ballast);
            sink.deliver(TestBatches.readings(sequence, 50));
            assertEquals(Health.State.UP, context.health().state());
        }
        assertEquals(LongStream.range(0, sequence + 50).boxed().toList(), sequences());
    }

    @Test
    void shouldSayThatTheFileSystemIsReadOnly() throws Exception {
        try (FileSink sink = sink()) {
            assumeTrue(run("mount", "-o", "remount,ro", directory.toString()), "this tmpfs cannot be remounted");
            final DeliveryException failure =
                assertThrows(DeliveryException.class, () -> sink.deliver(TestBatches.readings(0, 1)));
            assertEquals(FailureClass.RETRIABLE, failure.failureClass());
            assertTrue(failure.getMessage().contains("read-only"), failure.getMessage());

            assertTrue(run("mount", "-o", "remount,rw", directory.toString()));
            sink.deliver(TestBatches.readings(0, 1));
        }
        assertEquals(List.of(0L), sequences());
    }

    private static DeliveryException deliver(final FileSink sink, final long sequence) throws InterruptedException {
        try {
            sink.deliver(TestBatches.readings(sequence, 50));
            return null;
        } catch (final DeliveryException e) {
            return e;
        }
    }

    private FileSink sink() {
        return new FileSink(
            new FileSinkTest.Options(directory).rotateInterval(Duration.ZERO).build(), context);
    }

    private List<Long> sequences() throws IOException {
        final List<Long> sequences = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (final Path file : files.filter(path -> path.toString().contains(".jsonl")).sorted().toList()) {
                sequences.addAll(SequencesOfFile.read(file));
            }
        }
        return sequences;
    }

    private static boolean run(final String... command) throws IOException, InterruptedException {
        final Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException e) {
            return false;
        }
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final boolean ended = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        if (!ended) {
            System.out.println(String.join(" ", command) + ": " + output);
        }
        return ended;
    }
}
