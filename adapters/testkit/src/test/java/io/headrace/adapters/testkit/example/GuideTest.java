package io.headrace.adapters.testkit.example;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The guide to writing an adapter shows code that is compiled and tested here. */
class GuideTest {
    private static final int MAX_LINES = 60;
    private static final Path EXAMPLES = Path.of("src/test/java/io/headrace/adapters/testkit/example");

    private static String guide() throws IOException {
        return Files.readString(Path.of("../../docs/guides/writing-an-adapter.md"));
    }

    @Test
    void shouldShowACompleteSinkInUnderSixtyLines() throws IOException {
        final String sink = Files.readString(EXAMPLES.resolve("LineSinkProvider.java"));
        assertTrue(sink.lines().count() < MAX_LINES, "lines=" + sink.lines().count());
        assertTrue(guide().contains(sink), "the guide does not contain LineSinkProvider.java as it is");
    }

    @Test
    void shouldShowHowTheContractIsRun() throws IOException {
        final List<String> test = Files.readAllLines(EXAMPLES.resolve("LineSinkTest.java"));
        final int from = test.indexOf("class LineSinkTest extends SinkContract<LineSinkProvider.Options> {");
        final String body = String.join("\n", test.subList(from, test.size()));
        assertTrue(from > 0 && guide().contains(body), "the guide does not contain LineSinkTest as it is");
    }
}
