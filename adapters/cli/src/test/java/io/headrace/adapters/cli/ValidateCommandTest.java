package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class ValidateCommandTest {
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("plant.yaml");
    }

    private static final String FIVE_MISTAKES = """
        service:
          name: Plant 1
        bus:
          capacity: 1000
        sources:
          machines:
            type: carrier-pigeon
        sinks:
          readings:
            type: file
            topics: ["machines.*"]
            lanes: many
            options:
              directroy: /tmp
              directory: /tmp
        """;

    @Test
    void shouldShowEveryMistakeWithItsLineAndRemedy() throws IOException {
        Files.writeString(file, FIVE_MISTAKES);
        final CommandRun run = CommandRun.of("validate", file.toString());
        assertEquals(ExitCode.INVALID, run.exitCode());
        final List<String> lines = run.out().lines().toList();
        assertEquals(5, lines.size(), run.out());
        final int[] expectedLines = {2, 4, 7, 12, 14};
        for (int i = 0; i < expectedLines.length; i++) {
            assertTrue(lines.get(i).matches(
                "\\Q" + file + "\\E:" + expectedLines[i] + ":\\d+: [a-z0-9.-]+: .+\\. .+\\."), lines.get(i));
        }
        assertEquals("headrace: 5 problems in " + file + ".\n", run.err());
    }

    @Test
    void shouldShowTheSameAsJson() throws IOException {
        Files.writeString(file, FIVE_MISTAKES);
        final CommandRun run = CommandRun.of("validate", file.toString(), "--output", "json");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertEquals("", run.err());
        final List<Integer> lines = new ArrayList<>();
        for (final JsonNode problem : run.json()) {
            lines.add(problem.get("line").asInt());
            assertEquals("error", problem.get("severity").asText());
            assertFalse(problem.get("message").asText().isEmpty());
            assertFalse(problem.get("remedy").asText().isEmpty());
            assertTrue(problem.get("column").asInt() > 0);
        }
        assertEquals(List.of(2, 4, 7, 12, 14), lines);
    }

    @Test
    void shouldRefuseTheSameFileWhenItIsToBeUsed() throws IOException {
        Files.writeString(file, FIVE_MISTAKES);
        for (final String command : new String[] {"run", "preflight"}) {
            final CommandRun run = CommandRun.of(command, file.toString());
            assertEquals(ExitCode.INVALID, run.exitCode());
            assertEquals("", run.out());
            assertEquals(6, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("headrace validate"), run.err());
        }
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        final CommandRun run = CommandRun.of("validate", file.toString());
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.out().startsWith(file + ": "), run.out());
    }

    @Test
    void shouldSayThatAPortIsNotKnownBeforehand() throws IOException {
        Files.writeString(file, FIVE_MISTAKES);
        final CommandRun run = CommandRun.of("status", "--config", file.toString());
        assertEquals(ExitCode.INVALID, run.exitCode(), run.err());
    }
}
