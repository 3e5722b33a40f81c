package io.headrace.client.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Run by JUnit's thread. */
class LinkDriverFolderTest {
    @TempDir
    private Path parent;

    @Test
    void shouldRefuseAFolderInUse() throws IOException {
        final Path folder = parent.resolve("links");
        try (LinkDriverFolder taken = LinkDriverFolder.take("a", Optional.of(folder))) {
            assertEquals(folder, taken.path());
            final IOException refusal = assertThrows(
                IOException.class, () -> LinkDriverFolder.take("b", Optional.of(folder)));
            assertTrue(refusal.getMessage().contains("another process"), refusal.getMessage());
        }
        LinkDriverFolder.take("b", Optional.of(folder)).close();
    }

    @Test
    void shouldBeForTheOwnersEyesOnly() throws IOException {
        try (LinkDriverFolder folder = LinkDriverFolder.take("a", Optional.empty())) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
        }
    }

    @Test
    void shouldLeaveAGivenFolderAndDeleteAChosenOne() throws IOException {
        final Path given = Files.createDirectory(parent.resolve("links"));
        try (LinkDriverFolder folder = LinkDriverFolder.take("a", Optional.of(given))) {
            Files.createDirectory(folder.memory());
            Files.createFile(folder.memory().resolve("cnc.dat"));
        }
        assertTrue(Files.isDirectory(given));
        assertFalse(Files.exists(LinkDriverFolder.memoryOf(given)));

        final LinkDriverFolder chosen = LinkDriverFolder.take("a", Optional.empty());
        Files.createDirectory(chosen.memory());
        chosen.close();
        assertFalse(Files.exists(chosen.path()));
    }

    @Test
    void shouldGiveUpAFolderThatSomebodyElseDeleted() throws IOException {
        final Path folder = parent.resolve("links");
        final LinkDriverFolder taken = LinkDriverFolder.take("a", Optional.of(folder));
        Files.delete(folder.resolve("lock"));
        Files.delete(folder);
        taken.close();

        LinkDriverFolder.take("b", Optional.of(folder)).close();
    }

    @Test
    void shouldDeleteWhatAKilledProcessLeftAndNothingElse() throws IOException {
        try (LinkDriverFolder alive = LinkDriverFolder.take("a", Optional.empty())) {
            final Path dead = alive.path().resolveSibling("headrace-link-dead-" + System.nanoTime());
            Files.createDirectories(dead.resolve("driver"));
            Files.createFile(dead.resolve("driver").resolve("cnc.dat"));
            Files.createFile(dead.resolve("lock"));
            final Path other = Files.createDirectory(
                alive.path().resolveSibling("headrace-link-other-" + System.nanoTime()));
            LinkDriverFolder.take("b", Optional.empty()).close();

            assertTrue(Files.exists(alive.path()));
            assertFalse(Files.exists(dead));
            assertTrue(Files.exists(other), "without a lock it is nobody's that we know");
            Files.delete(other);
        }
    }
}
