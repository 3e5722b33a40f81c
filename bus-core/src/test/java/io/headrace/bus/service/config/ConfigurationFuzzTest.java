package io.headrace.bus.service.config;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever a file holds, loading it answers with a configuration or with its problems, and shows no secret. */
class ConfigurationFuzzTest {
    private static final String SECRET = "hunter2-hunter2";
    private static final String VALID = """
        service: {name: plant-1, control: {port: 0}}
        bus: {capacity: 1024}
        sources:
          erp:
            type: feed
            options:
              host: &h ${HOST:localhost}
              tables: [a, "b"]
              columns:
                qty: {to: quantity}
        sinks:
          mirror:
            type: store
            topics: ["erp.*"]
            retry: {max: 10s}
            options: {url: u, password: "${PASSWORD}"}
          out: {type: print, topics: ['*'], options: {prefix: *h}}
        """;

    @Provide
    Arbitrary<String> yamlIsh() {
        final Arbitrary<String> token = Arbitraries.of(
            "service", "bus", "sources", "sinks", "type", "options", "topics", "feed", "store", "print", "host", "url",
            "password", "name", "capacity", "lanes", "retry", "max", "tls", "names", "columns", "labels", ": ", ":",
            ":\n", "\n", "\n  ", "\n    ", "\n      ", "\n- ", "  - ", "- ", "{", "}", "[", "]", ", ", "'", "\"", "&a ",
            "*a", "!t ", "!!str ", "? ", "| ", "> ", "#", "%", "---\n", "...\n", "~", "null", "<<", "1", "-1", "1e9",
            "10s", "64KiB", "true", "${", "${PASSWORD}", "$${", "${file:x}", "}", "*", "erp.*", "\t", "\r\n", "\\",
            "\uD83D\uDE00", "\uD800", "\u0000", "\u0085", "\uFEFF", "é");
        return token.list().ofMaxSize(80).map(tokens -> String.join("", tokens));
    }

    @Provide
    Arbitrary<String> mutated() {
        return Arbitraries.integers().between(0, VALID.length() - 1).list().ofMinSize(1).ofMaxSize(6)
            .flatMap(places -> Arbitraries.of(
                    "~", ":", "\n", " ", "  ", "[", "}", "\t", "*", "&x", "!x", "'", "\"", "x", "- ", "${", "\u0001")
                .list().ofSize(places.size()).map(pieces -> mutate(places, pieces)));
    }

    private static String mutate(final List<Integer> places, final List<String> pieces) {
        String text = VALID;
        for (int i = 0; i < places.size(); i++) {
            final int place = Math.min(places.get(i), text.length() - 1);
            text = text.substring(0, place) + pieces.get(i) + text.substring(place + (places.get(i) & 1));
        }
        return text;
    }

    @Property(tries = 5_000)
    void shouldAnswerAnyText(@ForAll final String text) {
        assertAnswered(text);
    }

    @Property(tries = 10_000)
    void shouldAnswerWhatLooksLikeYaml(@ForAll("yamlIsh") final String text) {
        assertAnswered(text);
    }

    @Property(tries = 10_000)
    void shouldAnswerAValidFileWithSmallMistakes(@ForAll("mutated") final String text) {
        assertAnswered(text);
    }

    @Example
    void shouldBeginFromAValidFile() throws ConfigurationException {
        final LoadedConfiguration loaded = ConfigurationLoader.load(
            VALID, Path.of("headrace.yaml"), Map.of("PASSWORD", SECRET), TestAdapters.REGISTRY);
        assertEquals(2, loaded.configuration().sinks().size());
    }

    private static void assertAnswered(final String text) {
        try {
            final LoadedConfiguration loaded = ConfigurationLoader.load(
                text, Path.of("headrace.yaml"), Map.of("PASSWORD", SECRET), TestAdapters.REGISTRY);
            loaded.warnings().forEach(warning -> assertFalse(warning.render().contains(SECRET)));
        } catch (final ConfigurationException e) {
            assertFalse(e.problems().isEmpty());
            assertFalse(e.getMessage().contains(SECRET), e.getMessage());
            e.problems().forEach(problem -> {
                assertFalse(problem.message().isBlank());
                assertFalse(problem.remedy().isBlank());
                assertTrue(problem.line() <= text.lines().count() + 1);
            });
        }
    }
}
