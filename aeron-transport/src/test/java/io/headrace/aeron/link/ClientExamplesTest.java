package io.headrace.aeron.link;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The client's examples of the documentation, as processes of their own, against a bus on a real archive. */
class ClientExamplesTest {
    private static final int COUNT = 50;

    @TempDir
    private Path folder;

    @Test
    void shouldPublishAndReadFromOtherProcesses() throws IOException, InterruptedException {
        try (LinkFixture service = new LinkFixture(folder, 1 << 12).serve(null, 8)) {
            final Process reader = start(service, "ReadReadings");
            try {
                final Process publisher = start(service, "PublishReadings");
                final List<String> published = outputOf(publisher);
                final List<String> read = outputOf(reader);

                assertEquals(COUNT + " readings are recorded", published.get(published.size() - 1));
                assertEquals(COUNT, read.stream().filter(line -> line.contains("plant.temperature oven-2 ")).count());
                assertTrue(read.stream().anyMatch(line -> line.endsWith("°C")), read::toString);
                assertTrue(read.get(read.size() - 1).startsWith("next is "), read::toString);
            } finally {
                reader.destroyForcibly();
            }
            assertEquals(COUNT, service.counter("link.published-events"));
        }
    }

    private static Process start(final LinkFixture service, final String example) throws IOException {
        return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            example,
            "127.0.0.1:" + service.address().getPort(),
            Integer.toString(COUNT))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    }

    private static List<String> outputOf(final Process process) throws IOException, InterruptedException {
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), text);
        return text.lines().toList();
    }
}
