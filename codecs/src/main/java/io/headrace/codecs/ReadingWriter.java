package io.headrace.codecs;

import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingEncoder;
import io.headrace.codecs.sbe.ReadingType;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The source's thread: encodes one Reading, one value of one sensor.
 *
 * <p>The time, the quality (GOOD unless set) and a number or boolean in any order, then the sensor id, the unit and a
 * text value in this order, omitted ones empty. The last value set decides the reading's type; one of them is
 * required. Misuse throws, as in {@link EventWriter}.
 */
public final class ReadingWriter {
    private static final int SENSOR_ID = 0;
    private static final int UNIT = 1;
    private static final int TEXT = 2;
    private static final int FIELD_COUNT = 3;

    private final ReadingEncoder encoder = new ReadingEncoder();
    private final MessageWriter writer = new MessageWriter(
        ReadingEncoder.TEMPLATE_ID, ReadingEncoder.BLOCK_LENGTH, FIELD_COUNT, MessageWriter.NO_LONG_FIELD);

    /**
     * Starts a reading: writes the SBE header, clears the block and sets the quality to GOOD.
     *
     * @param buffer to encode into.
     * @param offset where the message begins.
     * @return this.
     */
    public ReadingWriter wrap(final MutableDirectBuffer buffer, final int offset) {
        writer.wrap(buffer, offset);
        encoder.wrap(buffer, writer.blockOffset());
        encoder.quality(Quality.GOOD);
        return this;
    }

    /**
     * Starts a reading: writes the SBE header, clears the block and sets the quality to GOOD.
     *
     * <p>It may use only a part of the buffer, because what lies behind that part belongs to somebody else.
     *
     * @param buffer         to encode into.
     * @param offset         where the message begins.
     * @param maxLengthBytes that it may take; {@link IndexOutOfBoundsException} when it would take more.
     * @return this.
     */
    public ReadingWriter wrap(final MutableDirectBuffer buffer, final int offset, final int maxLengthBytes) {
        writer.wrap(buffer, offset, maxLengthBytes);
        encoder.wrap(buffer, writer.blockOffset());
        encoder.quality(Quality.GOOD);
        return this;
    }

    /**
     * When the sensor took the value.
     *
     * @param timeNs since the Unix epoch.
     * @return this.
     */
    public ReadingWriter timeNs(final long timeNs) {
        encoder.timeNs(timeNs);
        return this;
    }

    /**
     * How far the value can be trusted.
     *
     * @param quality as the sensor or its gateway says.
     * @return this.
     */
    public ReadingWriter quality(final Quality quality) {
        encoder.quality(quality);
        return this;
    }

    /**
     * A floating point value; makes the type FLOAT.
     *
     * @param value in the reading's unit.
     * @return this.
     */
    public ReadingWriter doubleValue(final double value) {
        encoder.doubleValue(value);
        encoder.readingType(ReadingType.FLOAT);
        return this;
    }

    /**
     * An integer value; makes the type INTEGER.
     *
     * @param value in the reading's unit.
     * @return this.
     */
    public ReadingWriter longValue(final long value) {
        encoder.longValue(value);
        encoder.readingType(ReadingType.INTEGER);
        return this;
    }

    /**
     * A boolean value; makes the type BOOLEAN.
     *
     * @param value of the sensor.
     * @return this.
     */
    public ReadingWriter boolValue(final boolean value) {
        encoder.longValue(value ? 1 : 0);
        encoder.readingType(ReadingType.BOOLEAN);
        return this;
    }

    /**
     * Which sensor, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public ReadingWriter sensorId(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(SENSOR_ID, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * Which sensor, in UTF-8.
     *
     * @param sensorId at most 65534 bytes.
     * @return this.
     */
    public ReadingWriter sensorId(final byte[] sensorId) {
        writer.field(SENSOR_ID, sensorId);
        return this;
    }

    /**
     * The value's unit, in UTF-8.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public ReadingWriter unit(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(UNIT, buffer, offset, lengthBytes);
        return this;
    }

    /**
     * The value's unit, in UTF-8.
     *
     * @param unit at most 65534 bytes.
     * @return this.
     */
    public ReadingWriter unit(final byte[] unit) {
        writer.field(UNIT, unit);
        return this;
    }

    /**
     * A text value, in UTF-8; makes the type TEXT.
     *
     * @param buffer      that holds it.
     * @param offset      of its first byte.
     * @param lengthBytes of it, at most 65534.
     * @return this.
     */
    public ReadingWriter text(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        writer.field(TEXT, buffer, offset, lengthBytes);
        encoder.readingType(ReadingType.TEXT);
        return this;
    }

    /**
     * A text value, in UTF-8; makes the type TEXT.
     *
     * @param text at most 65534 bytes.
     * @return this.
     */
    public ReadingWriter text(final byte[] text) {
        writer.field(TEXT, text);
        encoder.readingType(ReadingType.TEXT);
        return this;
    }

    /**
     * Ends the message: fields that were omitted are written empty.
     *
     * @return length in bytes with the header.
     */
    public int length() {
        return writer.finish();
    }
}
