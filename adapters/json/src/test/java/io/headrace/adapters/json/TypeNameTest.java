package io.headrace.adapters.json;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TypeNameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "int4                           | int4        | -1 | -1 | false",
        "integer                        | int4        | -1 | -1 | false",
        "_int4                          | int4        | -1 | -1 | true",
        "integer[]                      | int4        | -1 | -1 | true",
        "numeric(12,3)                  | numeric     | 12 | 3  | false",
        "numeric(12, -3)                | numeric     | 12 | -3 | false",
        "_numeric(6,2)                  | numeric     | 6  | 2  | true",
        "numeric(6,2)[]                 | numeric     | 6  | 2  | true",
        "decimal                        | numeric     | -1 | -1 | false",
        "timestamp(3)                   | timestamp   | 3  | -1 | false",
        "timestamp(3) without time zone | timestamp   | 3  | -1 | false",
        "timestamp with time zone       | timestamptz | -1 | -1 | false",
        "time(0) with time zone         | timetz      | 0  | -1 | false",
        "double precision               | float8      | -1 | -1 | false",
        "bit varying(16)                | varbit      | 16 | -1 | false",
        "public.mood                    | public.mood | -1 | -1 | false",
        "public._mood                   | public.mood | -1 | -1 | true",
        "odd[name                       | odd[name    | -1 | -1 | false"})
    void shouldTakeNamesApart(
        final String text, final String base, final int precision, final int scale, final boolean isArray) {
        assertEquals(new TypeName(base, precision, scale, isArray), TypeName.of(text));
    }
}
