package io.headrace.adapters.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;

/**
 * Any thread: JSON from outside, put inside ours token by token. A number keeps its own digits, a repeated name stays
 * repeated, white space goes. It is read twice, first to see whether all of it can be copied, as what is written cannot
 * be taken back.
 */
final class EmbeddedJson {
    /** Below Jackson's own limit of 1000 by more than our envelope is deep. */
    private static final int MAX_DEPTH = 900;

    private EmbeddedJson() {
    }

    /** Exactly one value, within the limits on depth and length, and without half a surrogate pair. */
    static boolean isValid(final JsonFactory factory, final byte[] bytes, final int lengthBytes) throws IOException {
        try (JsonParser parser = factory.createParser(bytes, 0, lengthBytes)) {
            int depth = 0;
            int valueCount = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isStructEnd()) {
                    depth--;
                    continue;
                }
                valueCount += depth == 0 ? 1 : 0;
                depth += token.isStructStart() ? 1 : 0;
                if (valueCount > 1 || depth > MAX_DEPTH || isBrokenText(token, parser)) {
                    return false;
                }
            }
            return valueCount == 1;
        } catch (final JsonProcessingException answer) {
            // Not an error here: the bytes only claim to be JSON, and are then shown as what they are.
            return false;
        }
    }

    static void copy(
        final JsonFactory factory,
        final byte[] bytes,
        final int lengthBytes,
        final JsonGenerator json) throws IOException {
        try (JsonParser parser = factory.createParser(bytes, 0, lengthBytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    json.writeNumber(parser.getText());
                } else {
                    json.copyCurrentEvent(parser);
                }
            }
        }
    }

    private static boolean isBrokenText(final JsonToken token, final JsonParser parser) throws IOException {
        if (token.isNumeric()) {
            return false;
        }
        final String text = parser.getText();
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                return true;
            }
            i++;
        }
        return false;
    }
}
