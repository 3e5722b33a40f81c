package io.headrace.bus.service.config;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The schema and the reference, both made from the option records. */
class ConfigurationDescriptionTest {
    private static final String SUBSTITUTED = "{$ref=#/$defs/substituted}";

    /** What stands at a path of the schema, its keys sorted. */
    private static String schema(final String... path) {
        Object node = ConfigurationSchema.toTree(TestAdapters.REGISTRY);
        for (final String name : path) {
            node = ((Map<?, ?>)node).get(name);
        }
        return String.valueOf(sorted(node));
    }

    private static Object sorted(final Object node) {
        if (node instanceof Map<?, ?> map) {
            final Map<String, Object> sorted = new TreeMap<>();
            map.forEach((name, value) -> sorted.put((String)name, sorted(value)));
            return sorted;
        }
        return node instanceof List<?> list ? list.stream().map(ConfigurationDescriptionTest::sorted).toList() : node;
    }

    private static String feed(final String option) {
        return schema("$defs", "source-feed", "properties", option);
    }

    @Test
    void shouldDescribeOptionsInTheSchema() {
        assertEquals("{anyOf=[{maximum=65535, minimum=1, type=integer}, " + SUBSTITUTED +
            "], default=5432, description=Port.}", feed("port"));
        assertEquals("{description=Where., examples=[feed.example.org], type=[string, number, boolean]}", feed("host"));
        assertEquals("{anyOf=[{enum=[fast, very-safe]}, " + SUBSTITUTED + "], default=fast, description=Mode.}",
            feed("mode"));
        assertEquals("{anyOf=[{maximum=1.0, minimum=0.0, type=number}, " + SUBSTITUTED +
            "], default=0.5, description=Part.}", feed("part"));
        assertEquals("{anyOf=[{type=boolean}, " + SUBSTITUTED + "], default=true, description=Snapshot.}",
            feed("snapshot"));
        assertEquals("{default=[public.*], description=Tables., items={type=[string, number, boolean]}," +
            " type=[array, null]}", feed("tables"));
        assertEquals("{anyOf=[{anyOf=[{type=integer}, " + SUBSTITUTED + "]}, {type=null}], description=Retries.}",
            feed("retries"));
        assertEquals("{additionalProperties={type=[string, number, boolean]}, description=Labels.," +
            " type=[object, null]}", feed("labels"));
        assertTrue(feed("columns").contains("required=[to]"));
        assertTrue(feed("tls").contains("additionalProperties=false"));
        assertEquals("[host]", schema("$defs", "source-feed", "required"));
    }

    @Test
    void shouldDescribeTheFileInTheSchema() {
        assertEquals("https://json-schema.org/draft/2020-12/schema", schema("$schema"));
        assertEquals("false", schema("additionalProperties"));
        assertEquals("{anyOf=[{enum=[print, store]}, " + SUBSTITUTED + "], description=The type of the adapter.}",
            schema("properties", "sinks", "additionalProperties", "properties", "type"));
        assertEquals("[type, topics]", schema("properties", "sinks", "additionalProperties", "required"));
        assertEquals(
            "[{if={properties={type={const=print}}, required=[type]}," +
            " then={properties={options={$ref=#/$defs/sink-print}}}}," +
            " {if={properties={type={const=store}}, required=[type]}," +
            " then={properties={options={$ref=#/$defs/sink-store}}, required=[options]}}]",
            schema("properties", "sinks", "additionalProperties", "allOf"));
        assertTrue(schema("properties", "sinks", "additionalProperties", "properties", "topics").contains(
            "maxItems=1024, minItems=1, type=array"));
        assertEquals("{pattern=^[a-z0-9][a-z0-9-]*$}", schema("properties", "sources", "propertyNames"));
    }

    @Test
    void shouldWriteEveryOptionIntoTheReference() {
        final String text = ConfigurationReference.toMarkdown(TestAdapters.REGISTRY);
        final List<String> lines = text.lines().toList();
        for (final String expected : List.of(
            "| `name` | text | `headrace` | The name of the service, as logs and reports show it: lower-case letters," +
                " digits and hyphens. Example: `plant-1` |",
            "| `control.port` | whole number | `7475` | The TCP port to listen on; 0 takes any free one. From `0` to" +
                " `65535`. |",
            "| `retry.max-retries` | whole number |  | How often a batch is tried again before the flow stops." +
                " Without it: without end. At least `0`. Example: `100` |",
            "## Source `feed`", "A feed.",
            "| `host` | text | **required** | Where. Example: `feed.example.org` |",
            "| `mode` | `fast`, `very-safe` | `fast` | Mode. |",
            "| `columns.NAME.to` | text | **required** | Target. |",
            "| `tls.names` | list of text |  | Names. |",
            "| `buffer` | size | `64KiB` | Size. At most `1GiB`. |",
            "| `prefix` | text | empty | Prefix. |",
            "## Sink `print`")) {
            assertTrue(lines.contains(expected), expected + "\nis missing in\n" + text);
        }
        assertTrue(text.contains("| `topics` | list of text | **required** | "));
        assertFalse(lines.stream().anyMatch(line -> line.endsWith(" ")));
    }
}
