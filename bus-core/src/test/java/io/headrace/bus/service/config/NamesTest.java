package io.headrace.bus.service.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;

class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "slotName, slot-name", "host, host", "totalP99, total-p99", "maxURLLength, max-url-length", "aB, a-b",
        "URL, url"})
    void shouldWriteComponentsInKebabCase(final String component, final String expected) {
        assertEquals(expected, Names.kebab(component));
    }

    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "lanes, lnaes, 1", "'', abc, 3", "abc, '', 3", "same, same, 0"})
    void shouldCountEdits(final String a, final String b, final int expected) {
        assertEquals(expected, Names.editDistance(a, b));
    }

    @Test
    void shouldSuggestOnlyWhatIsNear() {
        final List<String> known = List.of("slot-bytes", "capacity", "to");
        assertEquals(Optional.of("slot-bytes"), Names.nearest("slot_bytes", known));
        assertEquals(Optional.of("slot-bytes"), Names.nearest("slotBytes", known));
        assertEquals(Optional.of("capacity"), Names.nearest("Capacty", known));
        assertEquals(Optional.empty(), Names.nearest("password", known));
        assertEquals(Optional.empty(), Names.nearest("x".repeat(100_000), known));
        assertEquals("There are none", Names.suggestion("x", List.of()));
    }
}
