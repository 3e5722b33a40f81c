package io.headrace.bus.service.config;

import io.headrace.bus.adapter.Option;
import io.headrace.bus.service.config.TestAdapters.FeedOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OptionDescriptorsTest {
    record Unannotated(int count) {
    }

    record WrongType(@Option("Names.") Set<String> names) {
    }

    record WrongKeys(@Option("Names.") Map<Integer, String> names) {
    }

    record WrongDefault(@Option(value = "Wait.", defaultValue = "5") Duration pause) {
    }

    record DefaultOutOfRange(@Option(value = "Count.", defaultValue = "5", max = "4") int count) {
    }

    record WrongListDefault(@Option(value = "Names.", defaultValue = "a, b") List<String> names) {
    }

    record WrongBound(@Option(value = "Count.", defaultValue = "5", min = "few") int count) {
    }

    record BoundOfText(@Option(value = "Name.", defaultValue = "x", min = "1") String name) {
    }

    record WrongExample(@Option(value = "Count.", example = "many") int count) {
    }

    record Inner(@Option("Itself.") Optional<Outer> outer) {
    }

    record Outer(@Option("Inner.") Inner inner) {
    }

    record Sound(
        @Option(value = "Count.", defaultValue = "3") Optional<Integer> count,
        @Option(value = "Names.", min = "1") List<String> names,
        @Option(value = "From.", example = "${file:x}") int from,
        @Option("Lists.") List<List<Duration>> lists) {
    }

    private static OptionDescriptor feed(final String name) {
        return OptionDescriptors.of(FeedOptions.class).stream()
            .filter(option -> option.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void shouldDescribeOptionsInTheirOrder() {
        assertEquals(
            List.of("host", "port", "password", "mode", "status-interval", "buffer", "part", "rows", "snapshot",
                "tables", "retries", "labels", "columns", "limits", "tls"),
            OptionDescriptors.of(FeedOptions.class).stream().map(OptionDescriptor::name).toList());
        assertEquals(
            List.of("text", "whole number", "secret", "fast | very-safe", "duration", "size", "number", "whole number",
                "boolean", "list of text", "whole number", "map of text", "map of options", "list of duration",
                "options"),
            OptionDescriptors.of(FeedOptions.class).stream().map(OptionDescriptor::typeText).toList());
    }

    @Test
    void shouldDescribeOneOptionWhole() {
        final OptionDescriptor port = feed("port");
        assertEquals("port", port.component());
        assertEquals(OptionKind.INT, port.type().kind());
        assertEquals(Optional.of("5432"), port.defaultValue());
        assertEquals(Optional.of("1"), port.min());
        assertEquals(Optional.of("65535"), port.max());
        assertEquals(Optional.empty(), port.example());
        assertEquals("Port.", port.description());
        assertEquals("statusInterval", feed("status-interval").component());
        assertEquals(List.of("to", "constant"),
            feed("columns").nested().stream().map(OptionDescriptor::name).toList());
        assertEquals(List.of("fast", "very-safe"), feed("mode").type().choices());
    }

    @Test
    void shouldRequireOnlyWhatHasNoValueOfItsOwn() {
        assertEquals(
            List.of("host"),
            OptionDescriptors.of(FeedOptions.class).stream()
                .filter(OptionDescriptor::required).map(OptionDescriptor::name).toList());
        assertEquals(
            List.of("names", "from"),
            OptionDescriptors.of(Sound.class).stream()
                .filter(OptionDescriptor::required).map(OptionDescriptor::name).toList());
    }

    @ParameterizedTest
    @ValueSource(classes = {
        Unannotated.class, WrongType.class, WrongKeys.class, WrongDefault.class, DefaultOutOfRange.class,
        WrongListDefault.class, WrongBound.class, BoundOfText.class, WrongExample.class, Outer.class})
    void shouldRefuseRecordsThatAreDescribedWrongly(final Class<? extends Record> type) {
        final IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> OptionDescriptors.of(type));
        assertTrue(e.getMessage().contains(type.getSimpleName()), e.getMessage());
    }
}
