package io.headrace.adapters.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.headrace.adapters.cli.report.StatusLine.Attention;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class LiveTableTest {
    private final Screen screen = new Screen();
    private final LiveTable table = new LiveTable(screen.out(), true);

    private static List<StatusLine> lines(final String... texts) {
        return Arrays.stream(texts).map(text -> new StatusLine(text, Attention.ALARM)).toList();
    }

    @Test
    void shouldDrawOverWhatItDrewBefore() {
        screen.out().print("banner\n");
        table.draw(lines("long line", "second", "third"));
        table.draw(lines("short", "2nd"));
        assertEquals(List.of("banner", "short", "2nd", ""), screen.lines());
        table.draw(lines("a", "b", "c", "d"));
        assertEquals(List.of("banner", "a", "b", "c", "d", ""), screen.lines());
    }

    @Test
    void shouldLetTextScrollByAboveIt() {
        table.draw(lines("table 1", "table 2"));
        table.printAbove("log line that is longer than the table");
        table.printAbove("another");
        table.draw(lines("table 3", "table 4"));
        assertEquals(
            List.of("log line that is longer than the table", "another", "table 3", "table 4", ""), screen.lines());
    }

    @Test
    void shouldPrintTextBeforeThereIsATable() {
        table.printAbove("early");
        table.draw(lines("table"));
        assertEquals(List.of("early", "table", ""), screen.lines());
    }

    @Test
    void shouldUseNoColoursWhereTheyAreNotWelcome() {
        final Screen plain = new Screen();
        new LiveTable(plain.out(), false).draw(lines("x"));
        assertEquals(List.of("x", ""), plain.lines());
        assertFalse(plain.out().checkError());
    }
}
