package io.headrace.adapters.postgres;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Every built-in type: exact values, alike in the snapshot and in the stream. */
class ValuesIT extends ServerTest {
    /** Type, literal, expected value. */
    private static final String[][] VALUES = {
        {"bool", "true", "true"},
        {"int2", "-32768", "-32768"},
        {"int4", "2147483647", "2147483647"},
        {"int8", "-9223372036854775808", "-9223372036854775808"},
        {"oid", "4294967295", "4294967295"},
        {"float4", "0.1", "0.10000000149011612"},
        {"float4", "3.4028235e+38", "3.4028234663852886E38"},
        {"float8", "0.30000000000000004", "0.30000000000000004"},
        {"float8", "-4.9e-324", "-4.9E-324"},
        {"float8", "NaN", "NaN"},
        {"float8", "-infinity", "-Infinity"},
        {"numeric", "12345678901234567890.123456789012345678901234567890",
            "12345678901234567890.123456789012345678901234567890"},
        {"numeric(10,4)", "-1.5", "-1.5000"},
        {"numeric", "NaN", "NaN"},
        {"numeric", "infinity", "TEXT:Infinity"},
        {"date", "1970-01-02", "1"},
        {"date", "0001-01-01", "-719162"},
        {"date", "0044-03-15 BC", "TEXT:0044-03-15 BC"},
        {"date", "infinity", "TEXT:infinity"},
        {"date", "5874897-12-31", "2145042905"},
        {"time", "23:59:59.999999", "86399999999"},
        {"time", "24:00:00", "86400000000"},
        {"timetz", "12:30:00.5+05:30", "12:30:00.5+05:30"},
        {"timestamp", "2000-01-01 00:00:00.000001", "946684800000001"},
        {"timestamp", "1969-12-31 23:59:59.5", "-500000"},
        {"timestamp", "-infinity", "TEXT:-infinity"},
        {"timestamp", "294276-12-31 23:59:59", "TEXT:294276-12-31 23:59:59"},
        {"timestamptz", "2026-11-21 12:00:00+02", "1795255200000000"},
        {"interval", "1 year 2 mons 3 days 04:05:06.789", "P1Y2M3DT4H5M6.789S"},
        {"interval", "-5 minutes", "PT-5M"},
        {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        {"json", "{\"b\":  1}", "{\"b\":  1}"},
        {"jsonb", "{\"b\":  1}", "{\"b\": 1}"},
        {"bytea", "\\x00ff10", "00ff10"},
        {"bytea", "", ""},
        {"text", "zażółć\tgęślą\njaźń\\ \\N ✓", "zażółć\tgęślą\njaźń\\ \\N ✓"},
        {"text", "", ""},
        {"varchar(5)", "abc", "abc"},
        {"char(3)", "a", "a  "},
        {"int4[]", "{1,NULL,3}", "{1,NULL,3}"},
        {"text[]", "{\"a b\",c}", "{\"a b\",c}"},
        {"mood", "fine", "fine"},
        {"mood[]", "{fine,bad}", "{fine,bad}"},
        {"percent", "50", "50"},
        {"inet", "192.168.1.5/24", "192.168.1.5/24"},
        {"cidr", "10.0.0.0/8", "10.0.0.0/8"},
        {"macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03"},
        {"money", "12.50", "$12.50"},
        {"point", "(1,2)", "(1,2)"},
        {"int4range", "[1,5)", "[1,5)"},
        {"bit(3)", "101", "101"},
        {"tsvector", "a b", "'a' 'b'"},
        {"xml", "<a/>", "<a/>"},
        {"pair", "(1,x)", "(1,x)"},
    };

    @Test
    void shouldCarryEveryTypeExactlyInSnapshotAndStream() {
        final StringBuilder columns = new StringBuilder("id int PRIMARY KEY");
        final StringBuilder literals = new StringBuilder("1");
        final Map<String, String> expected = new LinkedHashMap<>();
        expected.put("id", "1");
        for (int i = 0; i < VALUES.length; i++) {
            columns.append(", c").append(i).append(' ').append(VALUES[i][0]);
            literals.append(", '").append(VALUES[i][1]).append("'::").append(VALUES[i][0]);
            expected.put("c" + i, VALUES[i][2]);
        }
        SERVER.execute(
            "CREATE TYPE mood AS ENUM ('bad', 'fine')",
            "CREATE DOMAIN percent AS int2 CHECK (VALUE <= 100)",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE TABLE kinds (" + columns + ")",
            "INSERT INTO kinds VALUES (" + literals + ")");
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("UPDATE kinds SET c0 = NOT c0");
            SERVER.execute("UPDATE kinds SET c0 = NOT c0");
            final List<RecordedEvent> rows = bus.awaitRows(3);
            assertEquals("READ", rows.get(0).what());
            assertEquals(expected, rows.get(0).after());
            assertEquals(expected, rows.get(2).after());
            assertEquals(rows.get(0).types(), rows.get(2).types());
            assertEquals(rows.get(0).key(), rows.get(2).key());
            assertEquals("public.mood", rows.get(0).types().get("c41"));
            assertEquals("int2", rows.get(0).types().get("c43"), "a domain is its base type");
        }
    }

    @Test
    void shouldCarryNullInEveryColumn() {
        try (TestBus bus = new TestBus().start(options).awaitUp()) {
            SERVER.execute("INSERT INTO stock (id) VALUES (1)");
            assertEquals(Map.of("id", "1", "item", "NULL", "amount", "NULL"), bus.awaitRows(1).get(0).after());
        }
    }
}
