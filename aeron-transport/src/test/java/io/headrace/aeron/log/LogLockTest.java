package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogLockTest {
    @TempDir
    private Path folder;

    /** Tries to take the lock in a process of its own: exits with 0 when it has it, with 1 when it is refused. */
    static final class Other {
        private Other() {
        }

        public static void main(final String[] args) throws IOException {
            try (LogLock lock = LogLock.acquire(Path.of(args[0]))) {
                System.out.println("locked " + lock.folder());
                System.out.flush();
                System.in.read();
            } catch (final LogException e) {
                System.out.println(e.category() + " " + e.getMessage());
                System.exit(1);
            }
        }
    }

    @Test
    void shouldBeHeldOnceInAProcess() {
        try (LogLock lock = LogLock.acquire(folder)) {
            final LogException e = assertThrows(
                LogException.class, () -> LogLock.acquire(lock.folder().resolve("..").resolve(folder.getFileName())));
            assertEquals(LogException.Category.IN_USE, e.category());
            assertTrue(e.getMessage().contains("this process"), e.getMessage());
        }
        LogLock.acquire(folder).close();
    }

    @Test
    void shouldKeepOtherProcessesOutAlsoAfterARefusedAttemptHere() throws Exception {
        try (LogLock lock = LogLock.acquire(folder)) {
            assertThrows(LogException.class, () -> LogLock.acquire(lock.folder()));
            final Process other = start();
            final String told = other.inputReader().readLine();
            assertEquals(1, other.waitFor());
            assertTrue(told.startsWith("IN_USE"), told);
            assertTrue(told.contains("the process " + ProcessHandle.current().pid() + " "), told);
        }
    }

    @Test
    void shouldEndWithItsProcess() throws Exception {
        final Process other = start();
        final String told = other.inputReader().readLine();
        assertTrue(told.startsWith("locked"), told);
        final LogException e = assertThrows(LogException.class, () -> LogLock.acquire(folder));
        assertEquals(LogException.Category.IN_USE, e.category());
        assertTrue(e.getMessage().contains("the process " + other.pid() + " "), e.getMessage());
        other.destroyForcibly();
        other.waitFor();
        LogLock.acquire(folder).close();
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            String.join(File.pathSeparator, System.getProperty("java.class.path")),
            Other.class.getName(),
            folder.toString())
            .redirectErrorStream(true)
            .start();
    }
}
