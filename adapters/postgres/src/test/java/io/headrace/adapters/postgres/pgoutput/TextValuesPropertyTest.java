package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Any value, compared with the JDK's own parsers. */
class TextValuesPropertyTest {

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

    @Property
    void shouldReadAnyLong(@ForAll final long value) {
        assertEquals(value, longOf(ColumnType.INT64, String.valueOf(value)));
    }

    @Property(tries = 20_000)
    void shouldReadAnyDoubleAsTheJdkDoes(@ForAll("bits") final long bits) {
        final double value = Double.longBitsToDouble(bits);
        if (Double.isFinite(value)) {
            final String text = Double.toString(value);
            assertEquals(value, doubleOf(ColumnType.FLOAT64, text), text);
            final String plain = new BigDecimal(value).round(new java.math.MathContext(17)).toString();
            assertEquals(Double.parseDouble(plain), doubleOf(ColumnType.FLOAT64, plain), plain);
        }
    }

    @Property(tries = 20_000)
    void shouldReadAnyDecimalAsTheJdkDoes(@ForAll("mantissas") final long mantissa,
        @ForAll @IntRange(min = -340, max = 310) final int exponent) {
        final String text = mantissa + "e" + exponent;
        assertEquals(Double.parseDouble(text), doubleOf(ColumnType.FLOAT64, text), text);
        assertEquals(Float.parseFloat(text), doubleOf(ColumnType.FLOAT32, text), text);
    }

    @Provide
    Arbitrary<Long> mantissas() {
        return Arbitraries.longs().between(-9_999_999_999_999_999L, 9_999_999_999_999_999L)
            .withDistribution(net.jqwik.api.RandomDistribution.uniform());
    }

    @Provide
    Arbitrary<Long> bits() {
        return Arbitraries.longs().withDistribution(net.jqwik.api.RandomDistribution.uniform());
    }

    @Property(tries = 10_000)
    void shouldReadAnyFloatAsTheJdkDoes(@ForAll final int bits) {
        final float value = Float.intBitsToFloat(bits);
        if (Float.isFinite(value)) {
            assertEquals(value, doubleOf(ColumnType.FLOAT32, Float.toString(value)));
        }
    }

    @Property
    void shouldReadAnyDate(@ForAll @IntRange(min = -719_162, max = 100_000_000) final int day) {
        final String text = LocalDate.ofEpochDay(day)
            .format(new java.time.format.DateTimeFormatterBuilder()
                .appendValue(ChronoField.YEAR, 4, 9, java.time.format.SignStyle.NEVER)
                .appendPattern("-MM-dd").toFormatter());
        assertEquals(day, longOf(ColumnType.DATE, text), text);
    }

    @Property
    void shouldReadAnyTimestamp(@ForAll("micros") final long micros) {
        final LocalDateTime time = LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), (int)Math.floorMod(micros, 1_000_000L) * 1000, ZoneOffset.UTC);
        final String fraction = micros % 1_000_000 == 0 ? "" :
            String.format(".%06d", Math.floorMod(micros, 1_000_000L)).replaceAll("0+$", "");
        final String text = time.truncatedTo(ChronoUnit.SECONDS)
            .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")) + fraction;
        assertEquals(micros, longOf(ColumnType.TIMESTAMP, text), text);
        assertEquals(micros - 5_400_000_000L, longOf(ColumnType.TIMESTAMP_TZ, text + "+01:30"), text);
        assertEquals(micros + 7_200_000_000L, longOf(ColumnType.TIMESTAMP_TZ, text + "-02"), text);
    }

    @Provide
    Arbitrary<Long> micros() {
        return Arbitraries.longs().between(-62_135_596_800_000_000L, 253_402_300_799_999_999L);
    }

    @Property
    void shouldNeverFailOrWriteMoreThanAnnounced(@ForAll final String text, @ForAll final ColumnType type) {
        if (type != ColumnType.NULL_VAL && text.length() < 900) {
            encode(type, text);
        }
    }

    @Property
    void shouldNeverFailOnAlmostValidText(@ForAll("almost") final String text, @ForAll final ColumnType type) {
        if (type != ColumnType.NULL_VAL) {
            encode(type, text);
        }
    }

    @Provide
    Arbitrary<String> almost() {
        return Arbitraries.strings().withChars("0123456789-+:.eEx \\tfBCINa").ofMaxLength(40);
    }
}
