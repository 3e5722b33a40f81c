package io.headrace.adapters.json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class PostgresArrayTest {
    @Test
    void shouldReadArrays() {
        assertEquals(List.of(), PostgresArray.parse("{}"));
        assertEquals(Arrays.asList("1", null, "3"), PostgresArray.parse("{1,NULL,3}"));
        assertEquals(List.of("a b", "q\"x", "NULL", "\\", ""), PostgresArray.parse(
            "{\"a b\",\"q\\\"x\",\"NULL\",\"\\\\\",\"\"}"));
        assertEquals(List.of(List.of("1", "2"), List.of("3", "4")), PostgresArray.parse("{{1,2},{3,4}}"));
        assertEquals(List.of("1", "2"), PostgresArray.parse("[0:1]={1,2}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "}", "{1", "{1,}", "{,1}", "{\"a}", "{1}x", "1,2", "{a\"b\"}", "[0:1]",
        "{{{{{{{1}}}}}}}"})
    void shouldSayWhatIsNoArray(final String text) {
        assertNull(PostgresArray.parse(text));
    }

    @Property
    void shouldReadBackWhatWasQuoted(@ForAll final List<String> elements) {
        final StringBuilder text = new StringBuilder("{");
        for (final String element : elements) {
            text.append(text.length() > 1 ? "," : "")
                .append('"').append(element.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
        assertEquals(elements, PostgresArray.parse(text.append('}').toString()));
    }

    @Property
    void shouldNeverFailOnAnyText(@ForAll final String text) {
        final List<Object> elements = PostgresArray.parse("{" + text + "}");
        assertEquals(elements == null, PostgresArray.parse("{" + text + "}") == null);
    }
}
