package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The hard cases, by hand. */
class TextValuesTest {
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);

    private int encode(final ColumnType type, final String text) {
        final UnsafeBuffer source = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        final int encoded = TextValues.encode(type, source, 0, source.capacity(), target, 8);
        final int length = encoded < 0 ? ~encoded : encoded;
        assertTrue(length <= TextValues.maxEncodedLength(type, source.capacity()));
        return encoded;
    }

    private long longOf(final ColumnType type, final String text) {
        assertEquals(Long.BYTES, encode(type, text), text);
        return target.getLong(8);
    }

    private double doubleOf(final ColumnType type, final String text) {
        return Double.longBitsToDouble(longOf(type, text));
    }

    @Test
    void shouldReadTheHardCasesOfFloatingPoint() {
        for (final String text : new String[] {
            "0", "-0", "0.0", "1e23", "9007199254740993", "9007199254740992.5", "2.2250738585072014e-308",
            "4.9e-324", "1.7976931348623157e+308", "123456789012345678901234567890", "0.1e1", "5e-1",
            "8.5e22", "6.02214076e+23", "18014398509481985", "0.000000000000000000000000001"}) {
            assertEquals(Double.parseDouble(text), doubleOf(ColumnType.FLOAT64, text), text);
            assertEquals(Float.parseFloat(text), doubleOf(ColumnType.FLOAT32, text), text);
        }
        assertTrue(Double.isNaN(doubleOf(ColumnType.FLOAT64, "NaN")));
        assertEquals(Double.NEGATIVE_INFINITY, doubleOf(ColumnType.FLOAT64, "-Infinity"));
    }

    @Test
    void shouldKeepTheTextOfWhatTheEncodingCannotHold() {
        final String[][] texts = {
            {"INT64", "9223372036854775808"}, {"INT64", "-9223372036854775809"}, {"INT32", ""}, {"INT32", "-"},
            {"BOOL", "yes"}, {"DATE", "infinity"}, {"DATE", "0044-03-15 BC"}, {"DATE", "2026-13-01"},
            {"TIME", "25:00:00"}, {"TIMESTAMP", "294276-12-31 23:59:59.999999"}, {"TIMESTAMP_TZ", "-infinity"},
            {"INTERVAL", "infinity"}, {"DECIMAL", "-Infinity"}, {"UUID", "a0eebc99"}, {"BYTES", "\\x0"},
            {"BYTES", "\\xzz"}, {"FLOAT64", "1e"}, {"FLOAT64", "."}, {"FLOAT32", "abc"}};
        for (final String[] pair : texts) {
            final int encoded = encode(ColumnType.valueOf(pair[0]), pair[1]);
            assertEquals(~pair[1].length(), encoded, pair[0] + " " + pair[1]);
            assertEquals(pair[1], target.getStringWithoutLengthUtf8(8, ~encoded));
        }
    }
}
