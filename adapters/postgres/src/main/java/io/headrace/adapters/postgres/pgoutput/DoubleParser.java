package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;

import java.math.BigInteger;

/**
 * The source's thread, without state: decimal text to the nearest double, exactly rounded, without an object.
 *
 * <p>Up to 2<sup>53</sup> with a power of ten that a double holds exactly, one multiplication or division is exact
 * ("Clinger's fast path"). Otherwise the digits are multiplied by the leading 128 bits of the power of five, which
 * decides all but very few cases (Daniel Lemire, "Number Parsing at a Gigabyte per Second", 2021, section 5). Those
 * few, subnormal numbers and texts of more than 19 digits go through {@link Double#parseDouble(String)}; PostgreSQL
 * writes at most 17 digits.
 */
final class DoubleParser {
    private static final int MIN_POWER = -342;
    private static final int MAX_POWER = 308;
    private static final int EXACT_POWER = 22;
    private static final long EXACT_MANTISSA = 1L << 53;
    private static final int MAX_DIGITS = 19;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    private static final int EXPONENT_LIMIT = 0x7FF;
    /** The bits below a mantissa with its three guard bits: only if all are set may the low half change the result. */
    private static final long GUARD_MASK = 0x1FF;
    private static final long FLOAT_TAIL_MASK = (1L << 29) - 1;
    private static final long FLOAT_TAIL_MIDPOINT = 1L << 28;
    private static final double[] POWERS_OF_TEN = new double[EXACT_POWER + 1];
    private static final long[] FIVES_HIGH = new long[MAX_POWER - MIN_POWER + 1];
    private static final long[] FIVES_LOW = new long[FIVES_HIGH.length];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i <= EXACT_POWER; i++) {
            POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
        }
        for (int power = MIN_POWER; power <= MAX_POWER; power++) {
            final BigInteger leading = leadingBitsOfFiveToThe(power);
            FIVES_HIGH[power - MIN_POWER] = leading.shiftRight(Long.SIZE).longValue();
            FIVES_LOW[power - MIN_POWER] = leading.longValue();
        }
    }

    private DoubleParser() {
    }

    /** The most significant 128 bits: cut off for a positive power, rounded up for the reciprocal of one. */
    private static BigInteger leadingBitsOfFiveToThe(final int power) {
        final BigInteger five = BigInteger.valueOf(5).pow(Math.abs(power));
        final int bits = 2 * Long.SIZE;
        if (power >= 0) {
            return shift(five, bits - five.bitLength());
        }
        final int ceilingLog2 = five.subtract(BigInteger.ONE).bitLength();
        final int numeratorBits = power >= -27 ? ceilingLog2 + bits - 1 : 2 * ceilingLog2 + bits;
        final BigInteger reciprocal = BigInteger.ONE.shiftLeft(numeratorBits).divide(five).add(BigInteger.ONE);
        return shift(reciprocal, bits - reciprocal.bitLength());
    }

    private static BigInteger shift(final BigInteger value, final int bits) {
        return bits >= 0 ? value.shiftLeft(bits) : value.shiftRight(-bits);
    }

    /**
     * Reads a number.
     *
     * @param single whether to round to the nearest float, as a value of float4 was.
     * @return the number; NaN also for a text that is none.
     */
    static double parse(
        final DirectBuffer source, final int offset, final int lengthBytes, final boolean single) {
        final int end = offset + lengthBytes;
        final boolean negative = lengthBytes > 0 && source.getByte(offset) == '-';
        int position = negative ? offset + 1 : offset;
        if (position < end && source.getByte(position) == 'I') {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        long mantissa = 0;
        int digitCount = 0;
        int exponent = 0;
        boolean point = false;
        boolean anyDigit = false;
        for (; position < end; position++) {
            final byte next = source.getByte(position);
            if (next == '.' && !point) {
                point = true;
            } else if (next >= '0' && next <= '9') {
                anyDigit = true;
                mantissa = mantissa * 10 + next - '0';
                digitCount += mantissa != 0 ? 1 : 0;
                exponent -= point ? 1 : 0;
            } else {
                break;
            }
        }
        if (!anyDigit) {
            return Double.NaN;
        }
        if (position < end) {
            final int written = exponent(source, position, end);
            if (written == Integer.MIN_VALUE) {
                return Double.NaN;
            }
            exponent += written;
        }
        final double value = digitCount > MAX_DIGITS ?
            Math.abs(slow(source, offset, lengthBytes, single)) :
            compute(mantissa, exponent, source, offset, lengthBytes);
        final double signed = negative ? -value : value;
        return single ? toSingle(signed, source, offset, lengthBytes) : signed;
    }

    private static int exponent(final DirectBuffer source, final int offset, final int end) {
        int position = offset + 1;
        if (source.getByte(offset) != 'e' && source.getByte(offset) != 'E' || position == end) {
            return Integer.MIN_VALUE;
        }
        final byte sign = source.getByte(position);
        position += sign == '+' || sign == '-' ? 1 : 0;
        if (position == end || end - position > 5) {
            return Integer.MIN_VALUE;
        }
        int exponent = 0;
        for (; position < end; position++) {
            final int digit = source.getByte(position) - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE;
            }
            exponent = exponent * 10 + digit;
        }
        return sign == '-' ? -exponent : exponent;
    }

    /** The absolute value: the sign is the caller's. */
    private static double compute(
        final long mantissa,
        final int exponent,
        final DirectBuffer source,
        final int offset,
        final int lengthBytes) {
        if (mantissa == 0) {
            return 0;
        }
        if (mantissa > 0 && mantissa <= EXACT_MANTISSA && Math.abs(exponent) <= EXACT_POWER) {
            return exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent] : mantissa * POWERS_OF_TEN[exponent];
        }
        final long bits = exponent < MIN_POWER || exponent > MAX_POWER ? -1 : roundedBits(mantissa, exponent);
        return bits < 0 ? Math.abs(slow(source, offset, lengthBytes, false)) : Double.longBitsToDouble(bits);
    }

    /** The double's bits, or -1 when 128 bits do not decide them or it is no normal number. */
    private static long roundedBits(final long mantissa, final int power) {
        final int shift = Long.numberOfLeadingZeros(mantissa);
        final long normalized = mantissa << shift;
        final long fiveHigh = FIVES_HIGH[power - MIN_POWER];
        long high = multiplyHigh(normalized, fiveHigh);
        long low = normalized * fiveHigh;
        if ((high & GUARD_MASK) == GUARD_MASK) {
            final long carry = multiplyHigh(normalized, FIVES_LOW[power - MIN_POWER]);
            low += carry;
            high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
        }
        if (low == -1 && (power < -27 || power > 55)) {
            return -1;
        }
        final int upperBit = (int)(high >>> (Long.SIZE - 1));
        final int guardShift = upperBit + Long.SIZE - MANTISSA_BITS - 3;
        long result = high >>> guardShift;
        // floor(power * log2(10)), exact in the range of the table, and the place of the product's first bit.
        int exponent = (int)(217_706L * power >> 16) + Long.SIZE - 1 + upperBit - shift + EXPONENT_BIAS;
        if (exponent <= 0) {
            return -1;
        }
        final boolean tie = Long.compareUnsigned(low, 1) <= 0 && power >= -4 && power <= 23 &&
            (result & 3) == 1 && result << guardShift == high;
        if (tie) {
            result &= ~1L;
        }
        result = (result + (result & 1)) >>> 1;
        if (result >= EXACT_MANTISSA) {
            result = 1L << MANTISSA_BITS;
            exponent++;
        }
        if (exponent >= EXPONENT_LIMIT) {
            return -1;
        }
        return result & ~(1L << MANTISSA_BITS) | (long)exponent << MANTISSA_BITS;
    }

    private static long multiplyHigh(final long left, final long right) {
        return Math.multiplyHigh(left, right) + (left >> (Long.SIZE - 1) & right) + (right >> (Long.SIZE - 1) & left);
    }

    /** A double halfway between two floats was itself rounded, so that rounding it again could go the wrong way. */
    private static double toSingle(
        final double value, final DirectBuffer source, final int offset, final int lengthBytes) {
        final long tail = Double.doubleToRawLongBits(value) & FLOAT_TAIL_MASK;
        final boolean normal = Math.abs(value) >= Float.MIN_NORMAL || value == 0;
        return tail == FLOAT_TAIL_MIDPOINT || !normal ? slow(source, offset, lengthBytes, true) : (float)value;
    }

    private static double slow(
        final DirectBuffer source, final int offset, final int lengthBytes, final boolean single) {
        final String text = source.getStringWithoutLengthAscii(offset, lengthBytes);
        return single ? Float.parseFloat(text) : Double.parseDouble(text);
    }
}
