package io.headrace.adapters.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns", "1, 1 ns", "999, 999 ns", "1000, 1.00 µs", "12345, 12.3 µs", "99949, 99.9 µs", "99951, 100 µs",
        "999499, 999 µs", "999501, 1.00 ms", "4560000, 4.56 ms", "71000000000, 71.0 s", "3600000000000, 3600 s"})
    void shouldShowLatenciesWithThreeDigits(final long latencyNs, final String expected) {
        assertEquals(expected, Units.latency(latencyNs));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.00 KiB", "65536, 64.0 KiB", "1073741824, 1.00 GiB"})
    void shouldShowBytes(final long sizeBytes, final String expected) {
        assertEquals(expected, Units.bytes(sizeBytes));
    }

    @Test
    void shouldShowRates() {
        final long secondNs = 1_000_000_000;
        assertEquals("-", Units.rate(5, 0));
        assertEquals("0/s", Units.rate(0, secondNs));
        assertEquals("0.5/s", Units.rate(1, 2 * secondNs));
        assertEquals("10/s", Units.rate(10, secondNs));
        assertEquals("1,234,567/s", Units.rate(1_234_567, secondNs));
    }

    @Test
    void shouldLetNoTextSteerTheTerminal() {
        assertEquals("a?[2Jb?c", Units.oneLine("a\u001b[2Jb\tc\nd"));
        assertEquals("", Units.oneLine(""));
    }

    @Test
    void shouldShowUptimes() {
        assertEquals("0:00:59", Units.uptime(Duration.ofSeconds(59)));
        assertEquals("3d 1:02:03", Units.uptime(Duration.ofDays(3).plusHours(1).plusMinutes(2).plusSeconds(3)));
    }
}
