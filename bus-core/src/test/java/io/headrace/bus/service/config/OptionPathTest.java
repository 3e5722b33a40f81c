package io.headrace.bus.service.config;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.nodes.Node;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

class OptionPathTest {
    private static final String OPTIONS = """
        url: x
        tables:
          - source: a
            target: b
          - source: c
            key-columns: {Id: d}
        empty:
        """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | o 9:9",
        "url | o.url 1:6",
        "none | o.none 9:9",
        "tables | o.tables 3:3",
        "tables[1] | o.tables[1] 5:5",
        "tables[0].target | o.tables[0].target 4:13",
        "tables[1].keyColumns | o.tables[1].key-columns 6:18",
        "tables[1].key-columns.Id | o.tables[1].key-columns.Id 6:23",
        "tables[1].target | o.tables[1].target 5:5",
        "tables[2].target | o.tables[2].target 3:3",
        "url[0].x | o.url[0].x 1:6",
        "empty | o.empty 7:1",
        "empty[0] | o.empty[0] 7:1",
        "[0] | o 9:9",
        "... | o 9:9"})
    void shouldFindTheLineOfAnOption(final String option, final String expected) {
        final ProblemCollector problems = new ProblemCollector(Path.of("headrace.yaml"));
        final Node node = ConfigurationText.compose(OPTIONS, problems).orElseThrow();
        final MappingEntries entries =
            MappingEntries.of(node, new Place("o", 9, 9), "options", problems).orElseThrow();
        final Place place = OptionPath.placeOf(option == null ? "" : option, entries);
        assertEquals(expected, place.path() + " " + place.line() + ":" + place.column());
    }
}
