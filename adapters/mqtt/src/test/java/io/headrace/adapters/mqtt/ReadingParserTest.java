package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttRuleOptions.PayloadFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.QualityFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.TimeFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.ReadingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

class ReadingParserTest {
    private final ReadingDraft draft = new ReadingDraft();

    private static MqttRuleOptions rule(
        final String valueAt, final ValueKind type, final QualityFormat quality, final TimeFormat time) {
        return new MqttRuleOptions(
            "#", "s", PayloadFormat.JSON, valueAt, type, Optional.empty(), Optional.of("/u"), Optional.of("/q"),
            quality, time == null ? Optional.empty() : Optional.of("/t"), time == null ? TimeFormat.ISO_8601 : time,
            Optional.empty());
    }

    private ReadingDraft parse(final ReadingParser parser, final String payload) {
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        draft.clear();
        parser.parse(bytes, bytes.length, draft);
        return draft;
    }

    private String shown() {
        if (draft.misfit() != null) {
            return "misfit: " + draft.misfit();
        }
        return draft.type() + " " + switch (draft.type()) {
            case FLOAT -> Double.toString(draft.doubleValue());
            case TEXT -> draft.text().toString();
            default -> Long.toString(draft.longValue());
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v       | AUTO    | {\"v\": 7}                                | INTEGER 7",
        "/v       | AUTO    | {\"v\": -7.5e1}                           | FLOAT -75.0",
        "/v       | AUTO    | {\"v\": true}                             | BOOLEAN 1",
        "/v       | AUTO    | {\"v\": \"ä€😀\"}                          | TEXT ä€😀",
        "/v       | AUTO    | {\"v\": 9223372036854775808}              | FLOAT 9.223372036854776E18",
        "/v       | INTEGER | {\"v\": 9223372036854775807}              | INTEGER 9223372036854775807",
        "/v       | INTEGER | {\"v\": 9223372036854775808}              | misfit: the value is no integer of 64 bits",
        "/v       | INTEGER | {\"v\": 21.0}                             | INTEGER 21",
        "/v       | INTEGER | {\"v\": 21.5}                             | misfit: the value is no integer of 64 bits",
        "/v       | INTEGER | {\"v\": \" 42 \"}                         | INTEGER 42",
        "/v       | FLOAT   | {\"v\": 3}                                | FLOAT 3.0",
        "/v       | FLOAT   | {\"v\": \"1.5\"}                          | FLOAT 1.5",
        "/v       | FLOAT   | {\"v\": \"NaN\"}                          | misfit: the value is text, not a number",
        "/v       | FLOAT   | {\"v\": \"0x1p3\"}                        | misfit: the value is text, not a number",
        "/v       | FLOAT   | {\"v\": 1e999} | misfit: the value is outside of what a double "
            + "can hold",
        "/v       | FLOAT   | {\"v\": true}                             | misfit: the value is a boolean, and another "
            + "type is asked for",
        "/v       | BOOLEAN | {\"v\": 0}                                | BOOLEAN 0",
        "/v       | BOOLEAN | {\"v\": 2}   | misfit: the value is a number, not a boolean",
        "/v       | BOOLEAN | {\"v\": \"ON\"}                           | BOOLEAN 1",
        "/v       | TEXT    | {\"v\": \"\"}                             | `TEXT `",
        "/v       | TEXT    | {\"v\": 1}                                | misfit: the value is a number, not text",
        "/v       | AUTO    | {\"v\": null}                             | misfit: the value is null",
        "/v       | AUTO    | {\"v\": {\"v\": 1}}                       | misfit: an object or an array stands where a "
            + "value is expected",
        "/v       | AUTO    | {\"w\": 1}                                | misfit: there is nothing at value-at",
        "/v       | AUTO    | {\"v\": 1                                 | misfit: the payload is not JSON",
        "/v       | AUTO    | {\"v\": 1} 2                              | misfit: something follows the JSON document",
        "/v       | AUTO    | {\"v\": 1}}                               | misfit: the payload is not JSON",
        "/v       | AUTO    | 5                                         | misfit: there is nothing at value-at",
        "``       | AUTO    | 5                                         | INTEGER 5",
        "``       | AUTO    | \"x\"                                     | TEXT x",
        "``       | AUTO    | ``                                        | misfit: the payload is empty",
        "/a/1/b   | AUTO    | {\"a\": [{\"b\": 1}, {\"c\": {}, \"b\": 2}]} | INTEGER 2",
        "/a~1b/~0 | AUTO    | {\"a/b\": {\"~\": 3}}                     | INTEGER 3",
        "/v       | AUTO    | {\"x\": [[1, {\"v\": 9}]], \"v\": 4}        | INTEGER 4",
        "/v       | AUTO    | {\"v\": 1, \"v\": 2}                        | INTEGER 2",
    })
    void shouldFindTheValueInJson(
        final String pointer, final ValueKind type, final String payload, final String expected) {
        parse(new JsonReadingParser(rule(pointer, type, QualityFormat.TEXT, null)), payload == null ? "" : payload);
        assertEquals(expected, shown());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "TEXT   | \"good\"      | GOOD",
        "TEXT   | \"Uncertain\" | UNCERTAIN",
        "TEXT   | false         | BAD",
        "TEXT   | null          | GOOD",
        "TEXT   | \"fine\"      | misfit",
        "TEXT   | 0             | misfit",
        "OPC_UA | 0             | GOOD",
        "OPC_UA | 1073741824    | UNCERTAIN",
        "OPC_UA | 2150891520    | BAD",
        "OPC_DA | 192           | GOOD",
        "OPC_DA | \"64\"        | UNCERTAIN",
        "OPC_DA | 0             | BAD",
        "OPC_DA | {}            | misfit",
    })
    void shouldFindTheQuality(final QualityFormat format, final String quality, final String expected) {
        parse(new JsonReadingParser(rule("/v", ValueKind.AUTO, format, null)),
            "{\"q\": " + quality + ", \"v\": 1, \"u\": \"bar\"}");
        if (expected.equals("misfit")) {
            assertNotNull(draft.misfit());
        } else {
            assertNull(draft.misfit());
            assertEquals(Quality.valueOf(expected), draft.quality());
            assertEquals("bar", draft.unit().toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "EPOCH_S  | 1700000000                          | 1700000000000000000",
        "EPOCH_S  | 1700000000.123456789                | 1700000000123456789",
        "EPOCH_S  | 1.7e9                               | 1700000000000000000",
        "EPOCH_MS | 1700000000123                       | 1700000000123000000",
        "EPOCH_MS | \"1700000000123\"                   | 1700000000123000000",
        "EPOCH_US | 1700000000123456                    | 1700000000123456000",
        "EPOCH_NS | 1700000000123456789                 | 1700000000123456789",
        "EPOCH_NS | -1                                  | -1",
        "ISO_8601 | \"2023-11-14T22:13:20Z\"            | 1700000000000000000",
        "ISO_8601 | \"2023-11-14T23:13:20.5+01:00\"     | 1700000000500000000",
        "ISO_8601 | \"2023-11-14T23:13:20\"             | misfit",
        "ISO_8601 | \"yesterday\"                       | misfit",
        "ISO_8601 | 1700000000                          | misfit",
        "ISO_8601 | \"3000-01-01T00:00:00Z\"            | misfit",
        "EPOCH_MS | 9223372036854775807                 | misfit",
        "EPOCH_MS | 92233720368547758070                | misfit",
        "EPOCH_S  | 1e1000000000                        | misfit",
        "EPOCH_S  | 1e-1000000000                       | misfit",
        "EPOCH_S  | \"1e999999999\"                     | misfit",
        "EPOCH_S  | null                                | misfit",
        "EPOCH_S  | \"soon\"                            | misfit",
    })
    void shouldFindTheTime(final TimeFormat format, final String time, final String expected) {
        parse(new JsonReadingParser(rule("/v", ValueKind.AUTO, QualityFormat.TEXT, format)),
            "{\"t\": " + time + ", \"v\": 1}");
        if (expected.equals("misfit")) {
            assertNotNull(draft.misfit());
        } else {
            assertNull(draft.misfit());
            assertEquals(Long.parseLong(expected), draft.timeNs());
        }
    }

    @Test
    void shouldWantATimeWhereOneIsConfigured() {
        parse(new JsonReadingParser(rule("/v", ValueKind.AUTO, QualityFormat.TEXT, TimeFormat.EPOCH_S)), "{\"v\": 1}");
        assertEquals("misfit: there is nothing at time-at", shown());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "AUTO    | 42       | INTEGER 42",
        "AUTO    | ` -1.5 ` | FLOAT -1.5",
        "AUTO    | true     | BOOLEAN 1",
        "AUTO    | on       | TEXT on",
        "AUTO    | 1e999    | TEXT 1e999",
        "AUTO    | ``       | misfit: the payload is empty",
        "TEXT    | ` a `    | `TEXT  a `",
        "FLOAT   | 7        | FLOAT 7.0",
        "FLOAT   | 7 bar    | misfit: the value is text, not a number",
        "INTEGER | 7.5      | misfit: the value is no integer of 64 bits",
        "BOOLEAN | off      | BOOLEAN 0",
    })
    void shouldReadBareText(final ValueKind type, final String payload, final String expected) {
        parse(new TextReadingParser(type), payload);
        assertEquals(expected, shown());
    }

    @Test
    void shouldRefuseTextThatIsNotUtf8() {
        draft.clear();
        new TextReadingParser(ValueKind.TEXT).parse(new byte[]{(byte)0xC3, (byte)0x28}, 2, draft);
        assertEquals("misfit: the payload is not text in UTF-8", shown());
    }

    @Test
    void shouldForgetTheMessageBefore() {
        final ReadingParser parser = new JsonReadingParser(rule("/v", ValueKind.AUTO, QualityFormat.TEXT, null));
        parse(parser, "{\"v\": \"x\", \"u\": \"bar\", \"q\": false}");
        parse(parser, "{\"v\": 1}");
        assertEquals(ReadingType.INTEGER, draft.type());
        assertEquals(Quality.GOOD, draft.quality());
        assertEquals("", draft.unit().toString());
    }
}
