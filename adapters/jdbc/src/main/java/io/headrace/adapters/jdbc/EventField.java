package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a reading or a document can come into a column. Constants only: for any thread. */
enum EventField {
    SENSOR_ID(ColumnType.TEXT, Payload.READING),
    TIME(ColumnType.TIMESTAMP_TZ, Payload.READING),
    VALUE(ColumnType.FLOAT64, Payload.READING),
    TEXT_VALUE(ColumnType.TEXT, Payload.READING),
    UNIT(ColumnType.TEXT, Payload.READING),
    QUALITY(ColumnType.TEXT, Payload.READING),
    READING_TYPE(ColumnType.TEXT, Payload.READING),
    BODY(ColumnType.BYTES, Payload.DOCUMENT),
    BODY_TEXT(ColumnType.TEXT, Payload.DOCUMENT),
    CONTENT_TYPE(ColumnType.TEXT, Payload.DOCUMENT),
    SCHEMA_REFERENCE(ColumnType.TEXT, Payload.DOCUMENT),
    TOPIC(ColumnType.TEXT, Payload.ANY),
    SOURCE(ColumnType.TEXT, Payload.ANY),
    SEQUENCE(ColumnType.INT64, Payload.ANY),
    SOURCE_TIME(ColumnType.TIMESTAMP_TZ, Payload.ANY),
    PUBLISH_TIME(ColumnType.TIMESTAMP_TZ, Payload.ANY),
    MESSAGE_ID(ColumnType.TEXT, Payload.ANY),
    CORRELATION_ID(ColumnType.TEXT, Payload.ANY);

    /** Which payload has a field. */
    enum Payload {
        READING, DOCUMENT, ANY
    }

    private static final Map<String, EventField> BY_NAME =
        Stream.of(values()).collect(Collectors.toMap(EventField::optionName, Function.identity()));

    private final ColumnType type;
    private final Payload payload;

    EventField(final ColumnType type, final Payload payload) {
        this.type = type;
        this.payload = payload;
    }

    static Optional<EventField> of(final String optionName, final Payload payload) {
        return Optional.ofNullable(BY_NAME.get(optionName))
            .filter(field -> field.payload == payload || field.payload == Payload.ANY);
    }

    static String names(final Payload payload) {
        return Stream.of(values())
            .filter(field -> field.payload == payload || field.payload == Payload.ANY)
            .map(EventField::optionName)
            .collect(Collectors.joining(", "));
    }

    String optionName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ColumnType type() {
        return type;
    }
}
