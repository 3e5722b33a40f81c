package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import io.headrace.adapters.postgres.pgoutput.Tuple;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rows with real values are compared in the tests against a server; here is what a server does not send. */
class CopyRowTest {
    private final Tuple tuple = new Tuple();

    private void parse(final String row, final int columnCount) {
        CopyRow.parse(row.getBytes(StandardCharsets.UTF_8), tuple, columnCount, "public.stock");
    }

    @Test
    void shouldTakeEscapesAwayInPlace() {
        final byte[] row = "a\\tb\\\\\\n\t\\N\t\n".getBytes(StandardCharsets.UTF_8);
        CopyRow.parse(row, tuple, 3, "public.stock");
        assertEquals("a\tb\\\n", new String(row, 0, 5, StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseARowWithTooFewColumns() {
        final FatalSourceException failure = assertThrows(FatalSourceException.class, () -> parse("a\tb\n", 3));
        assertTrue(failure.getMessage().contains("table public.stock has 2 columns, 3 were asked for"),
            failure.getMessage());
    }
}
