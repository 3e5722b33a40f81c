package io.headrace.adapters.file;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class GzipperTest {
    @TempDir
    private Path directory;
    private final AtomicCounter compressed = counter();
    private final AtomicCounter failed = counter();

    @Test
    void shouldLeaveFilesAsTheyAreWhenTooManyWait() throws Exception {
        final Path pipe = directory.resolve("pipe.jsonl");
        assumeTrue(makePipe(pipe), "this system has no named pipes");
        try (Gzipper gzipper = new Gzipper("test", false, compressed, failed)) {
            // A pipe without a writer keeps the thread waiting.
            gzipper.compress(pipe);
            await().until(() -> Files.exists(FileNames.part(FileNames.gzip(pipe))));
            Path last = pipe;
            for (int i = 0; i <= Gzipper.MAX_WAITING_FILES; i++) {
                last = Files.writeString(directory.resolve(i + ".jsonl"), "{}\n");
                gzipper.compress(last);
            }
            assertEquals(1, failed.get());

            Files.writeString(pipe, "{}\n");
            await().untilAsserted(() -> assertEquals(Gzipper.MAX_WAITING_FILES + 1, compressed.get()));
            assertTrue(Files.exists(last));
            assertFalse(Files.exists(directory.resolve("0.jsonl")));
        }
    }

    @Test
    void shouldKeepTheOriginalWhenCompressingFails() throws Exception {
        final Path original = Files.writeString(directory.resolve("x.jsonl"), "{}\n");
        // A directory where the compressed file would be written.
        Files.createDirectories(FileNames.part(FileNames.gzip(original)).resolve("full"));
        try (Gzipper gzipper = new Gzipper("test", true, compressed, failed)) {
            gzipper.compress(original);
            await().untilAsserted(() -> assertEquals(1, failed.get()));
        }
        assertEquals("{}\n", Files.readString(original));
        assertEquals(0, compressed.get());
    }

    @Test
    void shouldPassOverAFileThatIsGone() throws Exception {
        try (Gzipper gzipper = new Gzipper("test", true, compressed, failed)) {
            gzipper.compress(directory.resolve("gone.jsonl"));
            gzipper.compress(Files.writeString(directory.resolve("x.jsonl"), "{}\n"));
            await().untilAsserted(() -> assertEquals(1, compressed.get()));
        }
        assertEquals(0, failed.get());
    }

    private static boolean makePipe(final Path pipe) throws InterruptedException {
        try {
            final Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    private static AtomicCounter counter() {
        return new AtomicCounter(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CountersReader.COUNTER_LENGTH)), 0);
    }
}
