package io.headrace.adapters.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small JSON documents as text. Safe for any thread; holds no state. */
public final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {
    }

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the value.
         *
         * @param json to write to.
         * @throws IOException as the generator does.
         */
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * A document for people and programs: indented.
     *
     * @param content of the document.
     * @return the text, without a line end.
     */
    public static String pretty(final Content content) {
        final DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        final Separators separators =
            Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        return write(content,
            new DefaultPrettyPrinter(separators).withObjectIndenter(indenter).withArrayIndenter(indenter));
    }

    /**
     * A document on one line.
     *
     * @param content of the document.
     * @return the text, without a line end.
     */
    public static String line(final Content content) {
        return write(content, null);
    }

    /**
     * Writes a tree of maps, lists, texts, numbers and booleans.
     *
     * @param value the root of the tree.
     * @param json  to write to.
     * @throws IOException as the generator does.
     */
    public static void tree(final Object value, final JsonGenerator json) throws IOException {
        if (value instanceof final Map<?, ?> map) {
            json.writeStartObject();
            for (final Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                tree(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof final Iterable<?> list) {
            json.writeStartArray();
            for (final Object element : list) {
                tree(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof final Number number) {
            json.writeNumber(number.toString());
        } else if (value instanceof final Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(value.toString());
        }
    }

    /**
     * Reads a document as a tree.
     *
     * @param text the document.
     * @return maps with texts as keys, lists, texts, numbers, booleans and null.
     * @throws IOException when it is not JSON.
     */
    public static Object parse(final String text) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            json.nextToken();
            return value(json);
        }
    }

    private static Object value(final JsonParser json) throws IOException {
        final JsonToken token = json.currentToken();
        if (token == null) {
            throw new JsonEOFException(json, token, "a value is missing");
        }
        return switch (token) {
            case START_OBJECT -> {
                final Map<String, Object> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    final String name = json.currentName();
                    json.nextToken();
                    map.put(name, value(json));
                }
                yield map;
            }
            case START_ARRAY -> {
                final List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
            case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
            case VALUE_NULL -> null;
            default -> json.getText();
        };
    }

    private static String write(final Content content, final DefaultPrettyPrinter printer) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.setPrettyPrinter(printer);
            content.write(json);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
