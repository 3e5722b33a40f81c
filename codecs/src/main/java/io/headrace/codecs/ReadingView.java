package io.headrace.codecs;

import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingDecoder;
import io.headrace.codecs.sbe.ReadingType;
import org.agrona.DirectBuffer;

/**
 * The thread of the subscription that it belongs to: reads one Reading that it did not necessarily write.
 *
 * <p>After {@link #wrap} answered with {@link DecodeError#NONE} all accessors are plain reads within the message; after
 * any other answer they read zeros and empty fields, and {@link #readingType()} is null.
 */
public final class ReadingView {
    private static final int SENSOR_ID = 0;
    private static final int UNIT = 1;
    private static final int TEXT = 2;
    private static final int FIELD_COUNT = 3;

    private final ReadingDecoder decoder = new ReadingDecoder();
    private final MessageReader reader = new MessageReader(
        ReadingDecoder.TEMPLATE_ID, ReadingDecoder.BLOCK_LENGTH, FIELD_COUNT, MessageReader.NO_LONG_FIELD);
    private ReadingType readingType;

    /** A view of nothing, until it wraps a reading. */
    public ReadingView() {
        blank();
    }

    /**
     * Checks a reading and, if it is well-formed, shows it. Newer versions of the schema are accepted. Never throws for
     * what the bytes hold, and never reads outside of the range.
     *
     * @param buffer that holds the message.
     * @param offset of its SBE header.
     * @param length of the message in bytes, exactly.
     * @return {@link DecodeError#NONE}, or why it is refused.
     */
    public DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = read(buffer, offset, length);
        if (error != DecodeError.NONE) {
            blank();
        }
        return error;
    }

    /**
     * The buffer that holds the message.
     *
     * @return the wrapped buffer itself.
     */
    public DirectBuffer buffer() {
        return reader.buffer();
    }

    /**
     * Where the message begins in the buffer.
     *
     * @return offset of its SBE header.
     */
    public int offset() {
        return reader.offset();
    }

    /**
     * How long the message is.
     *
     * @return length in bytes with the header; 0 if none is wrapped.
     */
    public int length() {
        return reader.length();
    }

    /**
     * When the sensor took the value.
     *
     * @return nanoseconds since the Unix epoch.
     */
    public long timeNs() {
        return decoder.timeNs();
    }

    /**
     * Which accessor holds the value.
     *
     * @return the type; null if no message is wrapped.
     */
    public ReadingType readingType() {
        return readingType;
    }

    /**
     * How far the value can be trusted.
     *
     * @return the quality; {@link Quality#NULL_VAL} for one that is unknown here.
     */
    public Quality quality() {
        final Quality quality = Enums.quality(decoder.qualityRaw());
        return quality == null ? Quality.NULL_VAL : quality;
    }

    /**
     * The value of a FLOAT.
     *
     * @return the value in the reading's unit; 0 if the type is another.
     */
    public double doubleValue() {
        return decoder.doubleValue();
    }

    /**
     * The value of an INTEGER.
     *
     * @return the value in the reading's unit; 0 or 1 for a BOOLEAN, 0 if the type is another.
     */
    public long longValue() {
        return decoder.longValue();
    }

    /**
     * The value of a BOOLEAN.
     *
     * @return the value.
     */
    public boolean boolValue() {
        return decoder.longValue() != 0;
    }

    /**
     * Which sensor.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int sensorIdOffset() {
        return reader.fieldOffset(SENSOR_ID);
    }

    /**
     * Which sensor.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int sensorIdLength() {
        return reader.fieldLength(SENSOR_ID);
    }

    /**
     * Which sensor. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String sensorId() {
        return reader.text(SENSOR_ID);
    }

    /**
     * The value's unit.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int unitOffset() {
        return reader.fieldOffset(UNIT);
    }

    /**
     * The value's unit.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int unitLength() {
        return reader.fieldLength(UNIT);
    }

    /**
     * The value's unit. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String unit() {
        return reader.text(UNIT);
    }

    /**
     * The value of a TEXT.
     *
     * @return absolute offset of its first byte in {@link #buffer()}.
     */
    public int textOffset() {
        return reader.fieldOffset(TEXT);
    }

    /**
     * The value of a TEXT.
     *
     * @return its length in bytes; 0 if there is none.
     */
    public int textLength() {
        return reader.fieldLength(TEXT);
    }

    /**
     * The value of a TEXT. Allocates: for edges only.
     *
     * @return its text, empty if there is none; bytes that are not UTF-8 are replaced.
     */
    public String text() {
        return reader.text(TEXT);
    }

    private DecodeError read(final DirectBuffer buffer, final int offset, final int length) {
        final DecodeError error = reader.begin(buffer, offset, length);
        if (error != DecodeError.NONE) {
            return error;
        }
        decoder.wrap(buffer, reader.blockOffset(), reader.blockLength(), reader.version());
        readingType = Enums.readingType(decoder.readingTypeRaw());
        if (readingType == null) {
            return DecodeError.BAD_ENUM;
        }
        return readingType == ReadingType.BOOLEAN && (decoder.longValue() & ~1L) != 0 ?
            DecodeError.BAD_VALUE : reader.fields();
    }

    private void blank() {
        reader.blank();
        decoder.wrap(reader.buffer(), reader.blockOffset(), reader.blockLength(), reader.version());
        readingType = null;
    }
}
