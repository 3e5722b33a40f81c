package io.headrace.adapters.mqtt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.codecs.sbe.Quality;

import java.io.IOException;

/**
 * The thread of the source's event loop: finds value, unit, quality and time in a payload of JSON by their pointers,
 * in one pass over its tokens, and reads it to its end, so that a payload cut off or with something behind it is not
 * taken for a reading. Where a field comes twice, the last one counts.
 */
final class JsonReadingParser implements ReadingParser {
    private static final int VALUE = 0;
    private static final int UNIT = 1;
    private static final int QUALITY = 2;
    private static final int TIME = 3;
    private static final int SLOTS = 4;
    private static final String NOT_JSON = "the payload is not JSON";

    private final JsonFactory json = new JsonFactory();
    private final MqttRuleOptions rule;
    private final JsonPath[] paths = new JsonPath[SLOTS];
    private final int allPaths;
    private int found;

    JsonReadingParser(final MqttRuleOptions rule) {
        this.rule = rule;
        paths[VALUE] = JsonPath.parse(rule.valueAt());
        paths[UNIT] = rule.unitAt().map(JsonPath::parse).orElse(null);
        paths[QUALITY] = rule.qualityAt().map(JsonPath::parse).orElse(null);
        paths[TIME] = rule.timeAt().map(JsonPath::parse).orElse(null);
        int mask = 0;
        for (int i = 0; i < SLOTS; i++) {
            mask |= paths[i] == null ? 0 : 1 << i;
        }
        allPaths = mask;
    }

    @Override
    public void parse(final byte[] bytes, final int length, final ReadingDraft draft) {
        found = 0;
        try (JsonParser parser = json.createParser(bytes, 0, length)) {
            if (parser.nextToken() == null) {
                draft.misfit("the payload is empty");
                return;
            }
            take(parser, allPaths, 0, draft);
            if (parser.nextToken() != null) {
                draft.misfit("something follows the JSON document");
            }
        } catch (final IOException e) {
            draft.misfit(NOT_JSON);
        }
        if ((found & 1 << VALUE) == 0) {
            draft.misfit("there is nothing at value-at");
        }
        if (paths[TIME] != null && (found & 1 << TIME) == 0) {
            draft.misfit("there is nothing at time-at");
        }
    }

    /** Stands at a value; {@code mask} tells which paths lead to it or through it. */
    private void take(final JsonParser parser, final int mask, final int depth, final ReadingDraft draft)
        throws IOException {
        final boolean container = parser.currentToken().isStructStart();
        int onward = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if ((mask & 1 << slot) != 0) {
                if (paths[slot].depth() > depth) {
                    onward |= 1 << slot;
                } else if (container) {
                    draft.misfit("an object or an array stands where a value is expected");
                } else {
                    found |= 1 << slot;
                    capture(slot, parser, draft);
                }
            }
        }
        if (!container) {
            return;
        }
        if (onward == 0) {
            parser.skipChildren();
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            takeFields(parser, onward, depth, draft);
        } else {
            takeElements(parser, onward, depth, draft);
        }
    }

    private void takeFields(final JsonParser parser, final int mask, final int depth, final ReadingDraft draft)
        throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            int inside = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                if ((mask & 1 << slot) != 0 && paths[slot].goesThrough(depth, name)) {
                    inside |= 1 << slot;
                }
            }
            parser.nextToken();
            take(parser, inside, depth + 1, draft);
        }
    }

    private void takeElements(final JsonParser parser, final int mask, final int depth, final ReadingDraft draft)
        throws IOException {
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            int inside = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                if ((mask & 1 << slot) != 0 && paths[slot].goesThrough(depth, index)) {
                    inside |= 1 << slot;
                }
            }
            take(parser, inside, depth + 1, draft);
        }
    }

    private void capture(final int slot, final JsonParser parser, final ReadingDraft draft) throws IOException {
        switch (slot) {
            case VALUE -> captureValue(parser, draft);
            case UNIT -> captureUnit(parser, draft);
            case QUALITY -> captureQuality(parser, draft);
            default -> captureTime(parser, draft);
        }
    }

    private void captureValue(final JsonParser parser, final ReadingDraft draft) throws IOException {
        final ValueKind kind = rule.type();
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    draft.floating(parser.getDoubleValue(), kind);
                } else {
                    draft.integer(parser.getLongValue(), kind);
                }
            }
            case VALUE_NUMBER_FLOAT -> draft.floating(parser.getDoubleValue(), kind);
            case VALUE_TRUE, VALUE_FALSE -> draft.bool(parser.getBooleanValue(), kind);
            case VALUE_STRING -> {
                if (kind == ValueKind.TEXT || kind == ValueKind.AUTO) {
                    draft.textValue().set(
                        parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
                } else {
                    Scalars.value(parser.getText().strip(), kind, draft);
                }
            }
            default -> draft.misfit("the value is null");
        }
    }

    private void captureUnit(final JsonParser parser, final ReadingDraft draft) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            draft.unit().set(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            draft.misfit("the unit is not text");
        }
    }

    private void captureQuality(final JsonParser parser, final ReadingDraft draft) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> Scalars.quality(parser.getText(), rule.qualityFormat(), draft);
            case VALUE_TRUE -> draft.quality(Quality.GOOD);
            case VALUE_FALSE -> draft.quality(Quality.BAD);
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    draft.misfit("the quality is no status code");
                } else {
                    Scalars.quality(parser.getLongValue(), rule.qualityFormat(), draft);
                }
            }
            case VALUE_NULL -> draft.quality(Quality.GOOD);
            default -> draft.misfit("the quality is no status code");
        }
    }

    private void captureTime(final JsonParser parser, final ReadingDraft draft) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> Scalars.time(parser.getText(), rule.timeFormat(), draft);
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    draft.misfit("the time lies outside of the years 1677 to 2262");
                } else {
                    Scalars.time(parser.getLongValue(), rule.timeFormat(), draft);
                }
            }
            case VALUE_NUMBER_FLOAT -> Scalars.time(parser.getDecimalValue(), rule.timeFormat(), draft);
            default -> draft.misfit("the time is neither text nor a number");
        }
    }
}
