package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PgTypeModifierTest {
    /** The modifiers are what {@code pg_attribute.atttypmod} holds for columns of these types. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "numeric     | -1     | numeric",
        "numeric     | 786439 | numeric(12,3)",
        "numeric     | 589828 | numeric(9,0)",
        "numeric     | 329730 | numeric(5,-2)",
        "_numeric    | 393222 | _numeric(6,2)",
        "timestamp   | 3      | timestamp(3)",
        "timestamptz | 0      | timestamptz(0)",
        "time        | 6      | time(6)",
        "timetz      | -1     | timetz",
        "varchar     | 24     | varchar"})
    void shouldPutIntoTheNameWhatSaysHowToReadAValue(final String name, final int modifier, final String expected) {
        assertEquals(
            new PgType(expected, ColumnType.OTHER), new PgType(name, ColumnType.OTHER).withModifier(modifier));
    }
}
