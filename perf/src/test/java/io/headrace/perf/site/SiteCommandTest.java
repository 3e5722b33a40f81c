package io.headrace.perf.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.bus.service.config.ServiceConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SiteCommandTest {
    @TempDir
    private Path folder;
    private Path target;
    private Path siteLog;
    private Path work;
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void makeFolders() throws IOException {
        target = Files.createDirectory(folder.resolve("target"));
        siteLog = Files.createDirectory(folder.resolve("site-log"));
        work = Files.createDirectory(folder.resolve("work"));
        Files.writeString(siteLog.resolve("segment"), "of the site's own service");
    }

    private Path configuration(final String tail) throws IOException {
        return Files.writeString(folder.resolve("site.yaml"), """
            bus:
              log:
                path: %s
                term-length: 64KiB
                segment-length: 128KiB
              listen:
                address: 127.0.0.1:7730
            sources:
              erp:
                type: postgres
                options: {database: erp, user: headrace, tables: [public.stock, plan.*]}
              machines:
                type: mqtt
                options:
                  broker: {host: localhost}
                  subscriptions: [{filter: "plant/+/#"}]
                  rules: [{filter: "plant/+/temperature", sensor: "oven-{2}", topic: "{source}.ovens.{2}"}]
            sinks:
              changes:
                type: file
                topics: ["erp.public.stock"]
                objective: {total-p99: 30s}
                options: {directory: %s, fsync: none}
              readings:
                type: file
                topics: ["machines.*"]
                options: {directory: %s, fsync: none}
            %s""".formatted(siteLog, target, target, tail));
    }

    private int execute(final String... args) {
        System.setProperty("java.awt.headless", "true");
        return new CommandLine(new SiteCommand())
            .setOut(new PrintWriter(output, true)).setErr(new PrintWriter(errors, true)).execute(args);
    }

    private List<String> files(final Path where) throws IOException {
        try (Stream<Path> files = Files.walk(where)) {
            return files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder())
                .map(file -> where.relativize(file).toString()).toList();
        }
    }

    private int measure(final Path file, final String... more) {
        final Stream<String> args = Stream.of(file.toString(), "--rate", "200", "--max-rate", "200", "--seconds",
            "0.5", "--keys", "10", "--objective", "30s", "--work", work.toString(), "--report",
            folder.resolve("report").toString());
        return execute(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
    }

    private long lines(final String flow) throws IOException {
        long count = 0;
        for (final String name : files(target)) {
            if (name.startsWith(flow) && name.contains(".jsonl")) {
                count += Files.readAllLines(target.resolve(name)).size();
            }
        }
        return count;
    }

    @Test
    void shouldMeasureTheWholePathIntoRealSinksAndLeaveTheSitesOwnLogAlone() throws IOException {
        assertEquals(0, measure(configuration(""), "--sinks", "real", "--yes"), errors::toString);

        final JsonNode result =
            new ObjectMapper().readTree(folder.resolve("report/site.json").toFile()).path("result");
        assertEquals(2, result.path("flows").size());
        for (final JsonNode flow : result.path("flows")) {
            assertEquals(0, flow.path("lost").asLong(), flow::toString);
            final JsonNode step = flow.path("steps").path(0);
            assertTrue(step.path("offered").asLong() > 0, flow::toString);
            assertEquals(step.path("offered").asLong(), step.path("delivered").asLong());
            // The warm-up went there, too.
            assertTrue(lines(flow.path("flow").asText() + "-site") >= step.path("offered").asLong());
        }
        assertEquals(List.of("segment"), files(siteLog));
        assertEquals(List.of(), files(work));
        final String page = Files.readString(folder.resolve("report/site.html"));
        assertTrue(page.contains("<figure><img") && page.contains("readings"));
        assertFalse(page.contains("src=\"http"), "the page loads something");
    }

    @Test
    void shouldWriteNothingIntoTheTargetsUnlessToldTo() throws IOException {
        assertEquals(0, measure(configuration("")), errors::toString);

        assertEquals(List.of(), files(target));
        assertTrue(output.toString().contains("discard, nothing is written"));
    }

    @Test
    void shouldFailWhenATargetIsNotThere() throws IOException {
        final Path file = configuration("""
              gone:
                type: jdbc
                topics: ["erp.public.stock"]
                options: {url: "jdbc:postgresql://127.0.0.1:1/gone", user: nobody, mirror: true}
            """);

        assertEquals(1, measure(file, "--sinks", "real", "--yes"), output::toString);

        assertTrue(output.toString().contains("gone: stopped: The target gone-site: "), output::toString);
        // The others are measured all the same.
        assertTrue(output.toString().contains("readings sustained"), output::toString);
        assertEquals(List.of(), files(work));
    }

    @Test
    void shouldAskBeforeItWritesIntoTheTargets() throws IOException {
        assertEquals(2, measure(configuration(""), "--sinks", "real"));

        assertTrue(errors.toString().contains("changes (file), readings (file)"), errors::toString);
        assertEquals(List.of(), files(target));
    }

    @Test
    void shouldRefuseABadConfigurationWithAllOfItsProblems() throws IOException {
        final Path file = configuration("""
              broken:
                type: carrier-pigeon
                topics: ["erp.*"]
              odd:
                type: file
                topics: ["erp.*"]
                lanes: many
                options: {}
            """);

        assertEquals(2, execute(file.toString()));

        final String text = errors.toString();
        assertTrue(text.contains("carrier-pigeon"), text);
        assertTrue(text.contains("sinks.odd.lanes"), text);
        assertTrue(text.contains("sinks.odd.options.directory"), text);
        assertTrue(text.contains("3 problems in "), text);
    }

    @Test
    void shouldTellTheTopicsByTheConfiguration() throws IOException, ConfigurationException {
        final ServiceConfiguration configuration = ConfigurationLoader.load(
            configuration(""), Map.of(), AdapterRegistry.load()).configuration();
        final SiteOptions options = new SiteOptions(1, 1, 1, 1, 2, 1, List.of(), 0, 99, false);

        final Map<String, String> topics = SyntheticTopics.of(configuration, options).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().stream()
                .map(topic -> topic.topic() + " " + topic.kind() + " " + topic.key().orElse("keys"))
                .collect(Collectors.joining(", "))));

        assertEquals("erp.public.stock ROW keys, erp.plan.synthetic ROW keys", topics.get("erp"));
        assertEquals("machines.ovens.1 READING oven-1, machines.ovens.2 READING oven-2", topics.get("machines"));
    }
}
