package io.headrace.adapters.json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DateTimeException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PostgresTimesTest {
    @Test
    void shouldReadDatesAndTimestamps() {
        assertEquals(20778, PostgresTimes.epochDays("2026-11-21"));
        assertEquals(-735160, PostgresTimes.epochDays("0044-03-15 BC"));
        assertEquals(0, PostgresTimes.epochMicros("1970-01-01 00:00:00"));
        assertEquals(-1, PostgresTimes.epochMicros("1969-12-31 23:59:59.999999"));
        assertEquals(1_795_259_655_500_000L, PostgresTimes.epochMicros("2026-11-21 13:14:15.5+02"));
        assertEquals(1_795_266_855_500_000L, PostgresTimes.epochMicros("2026-11-21T13:14:15.5Z"));
        assertEquals(86_400_000_000L, PostgresTimes.microsOfDay("24:00:00"));
        assertEquals(12_600_000_000L, PostgresTimes.utcMicrosOfDay("24:00:00-03:30"));
    }

    @ParameterizedTest
    @CsvSource({
        "P1Y2M3DT4H5M6.789S, 14, 3, 14706789000",
        "PT0S, 0, 0, 0",
        "P-1M, -1, 0, 0",
        "P-1DT2H, 0, -1, 7200000000",
        "PT-0.5S, 0, 0, -500000",
        "P2W, 0, 14, 0"})
    void shouldReadIntervals(final String text, final long months, final long days, final long micros) {
        assertEquals(new PostgresTimes.Interval(months, days, micros), PostgresTimes.interval(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "infinity", "2026-13-01", "2026-02-30", "tomorrow", "2026-11-21 1:2:3"})
    void shouldRefuseOtherText(final String text) {
        assertThrows(DateTimeException.class, () -> PostgresTimes.epochMicros(text));
    }

    @Property
    void shouldReadBackEveryTimestampOfTheCommonEra(
        @ForAll @LongRange(min = -62_135_596_800_000_000L, max = 253_402_300_799_999_999L) final long epochMicros) {
        assertEquals(epochMicros, PostgresTimes.epochMicros(IsoTime.timestamp(epochMicros)));
    }
}
