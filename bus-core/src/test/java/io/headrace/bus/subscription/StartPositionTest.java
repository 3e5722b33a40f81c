package io.headrace.bus.subscription;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class StartPositionTest {
    @Test
    void shouldReadEveryForm() {
        assertEquals(StartPosition.NOW, StartPosition.parse("now"));
        assertEquals(StartPosition.START, StartPosition.parse("start"));
        assertEquals(StartPosition.ofSequence(42), StartPosition.parse("42"));
        assertEquals(StartPosition.ofTime(1_500_000_000L), StartPosition.parse("1970-01-01T00:00:01.5Z"));
        assertEquals(StartPosition.ofTime(0), StartPosition.parse("1970-01-01T01:00+01:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "start", "0", "999999999999999999", "2026-11-21T06:00:00.000000001Z"})
    void shouldWriteWhatItReads(final String text) {
        assertEquals(text, StartPosition.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is neither a sequence nor a time",
        "-1, it is neither a sequence nor a time",
        "2026-11-21T06:00:00, it is neither a sequence nor a time",
        "1234567890123456789, it is neither a sequence nor a time",
        "1969-12-31T23:59:59Z, the time lies before 1970",
        "2263-01-01T00:00:00Z, the time lies after the year 2262"})
    void shouldRefuseEverythingElse(final String text, final String reason) {
        assertEquals(reason,
            assertThrows(IllegalArgumentException.class, () -> StartPosition.parse(text)).getMessage());
    }
}
