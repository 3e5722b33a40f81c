package io.headrace.perf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PerfCommandTest {
    @TempDir
    private Path folder;
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int execute(final String... args) {
        System.setProperty("java.awt.headless", "true");
        return new CommandLine(new PerfCommand())
            .setOut(new PrintWriter(output)).setErr(new PrintWriter(errors)).execute(args);
    }

    @Test
    void shouldEndWithOneWhenArmsFailAndNameThem() throws IOException {
        assertEquals(1, execute("run", "faulty-arms", "--quick", "--pairs", "1", "--report", folder.toString()));

        final Set<String> failed = new HashSet<>();
        for (final JsonNode line : new ObjectMapper().readTree(folder.resolve("summary.json").toFile())) {
            assertTrue(line.path("verdict").asText().startsWith("failed: "), line.toString());
            failed.add(line.path("arm").asText());
        }
        assertEquals(Set.of("lossy", "doubling", "swapping", "slow"), failed);
        final String page = Files.readString(folder.resolve("index.html"));
        assertTrue(page.contains("lost 1, doubled 0, out of order 0"));
        assertTrue(page.contains("missed its rate"));
        assertFalse(page.contains("src=\"http"), "the page loads something");
        assertFalse(Files.exists(folder.resolveSibling(folder.getFileName() + "-scratch")), "what the arms left");
        assertTrue(new ObjectMapper().readTree(folder.resolve("environment.json").toFile()).has("kernel"));
        try (Stream<Path> plots = Files.list(folder.resolve("plots"))) {
            assertTrue(plots.anyMatch(plot -> plot.toString().endsWith("response.png")));
        }
    }

    @Test
    void shouldListScenariosWithoutTheFixtures() {
        assertEquals(0, execute("list"));
        assertTrue(output.toString().contains("S12"));
        assertFalse(output.toString().contains("faulty"));
    }

    @Test
    void shouldRefuseAScenarioThatIsNot() {
        assertEquals(2, execute("run", "S99"));
        assertTrue(errors.toString().contains("There is no scenario 'S99'."));
    }
}
