package io.headrace.adapters.file;

import java.util.List;

/** The tables and statements from which the golden files are made: every common type, every operation. */
final class GoldenScript {
    static final String PUBLICATION = "golden";
    /** The last statement's row, by which a reader knows that it has seen everything. */
    static final String LAST_TEXT = "the end";

    static final List<String> TABLES = List.of(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
        """
        CREATE TABLE all_types (
            id bigint PRIMARY KEY,
            c_smallint smallint, c_int integer, c_bigint bigint, c_real real, c_double double precision,
            c_numeric numeric(12,3), c_numeric_free numeric, c_numeric_whole numeric(9), c_money money,
            c_bool boolean, c_char char(5), c_varchar varchar(20), c_text text, c_bytea bytea,
            c_date date, c_time time, c_time3 time(3), c_timetz timetz,
            c_ts timestamp, c_ts3 timestamp(3), c_ts0 timestamp(0), c_tstz timestamptz, c_tstz3 timestamptz(3),
            c_tstz0 timestamptz(0), c_interval interval,
            c_uuid uuid, c_json json, c_jsonb jsonb, c_xml xml, c_enum mood,
            c_inet inet, c_cidr cidr, c_macaddr macaddr, c_macaddr8 macaddr8,
            c_bit bit(1), c_bits bit(8), c_bits16 bit(16), c_varbit varbit(16),
            c_int_array integer[], c_bigint_array bigint[], c_text_array text[], c_varchar_array varchar(10)[],
            c_numeric_array numeric(6,2)[], c_real_array real[], c_double_array double precision[],
            c_bool_array boolean[], c_date_array date[], c_time_array time[], c_ts_array timestamp[],
            c_tstz_array timestamptz[], c_uuid_array uuid[], c_enum_array mood[], c_jsonb_array jsonb[],
            c_bytea_array bytea[], c_inet_array inet[],
            c_point point, c_int4range int4range, c_tsrange tsrange, c_tsvector tsvector, c_oid oid)
        """,
        "ALTER TABLE all_types REPLICA IDENTITY FULL",
        "CREATE TABLE keyed (id integer PRIMARY KEY, name text, quantity integer, big text)",
        "ALTER TABLE keyed ALTER big SET STORAGE EXTERNAL",
        "CREATE TABLE composite (a integer, b text, v numeric(10,2), PRIMARY KEY (b, a))",
        "CREATE TABLE no_key (a integer, b text)",
        "ALTER TABLE no_key REPLICA IDENTITY FULL",
        """
        CREATE TABLE toasted (id integer PRIMARY KEY, n integer, t text, b bytea, j jsonb, ta text[], ia integer[])
        """,
        "ALTER TABLE toasted ALTER t SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL, " +
            "ALTER j SET STORAGE EXTERNAL, ALTER ta SET STORAGE EXTERNAL, ALTER ia SET STORAGE EXTERNAL",
        "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");

    static final List<String> SNAPSHOT_ROWS = List.of(
        fullRow(1),
        "INSERT INTO all_types (id) VALUES (2)",
        "INSERT INTO keyed VALUES (1, 'one', 1, NULL)",
        "INSERT INTO composite VALUES (1, 'snapshot', 0.10)");
    static final int SNAPSHOT_ROW_COUNT = 4;

    static final List<String> CHANGES = List.of(
        fullRow(3),
        "INSERT INTO all_types (id) VALUES (4)",
        special(5, "'NaN', '-Infinity', 'NaN', 'NaN', 'infinity', '24:00:00', 'infinity', 'infinity', '-infinity'," +
            "'-1 day 2 hours', '13:14:15.5+02'"),
        special(6, "1e10, 1e-7, -0.001, 1e20, '0044-03-15 BC', '00:00:00', '0001-01-01 00:00:00', " +
            "'0001-01-01 00:00:00', '12026-01-01 00:00:00Z', '-1 month 0.000001 sec', '00:00:00+14'"),
        special(7, "3.4028235e38, 123456789, 0, 0, '1582-10-01', '00:00:01', '1500-01-01 00:00:00.000001', " +
            "'1500-01-01 00:00:00.001', '0044-03-15 00:00:00Z BC', '0', '24:00:00-03:30'"),
        special(8, "-0.0, 100, 1, -1234.5600, '-infinity', '23:59:59.999999', '-infinity', '-infinity', 'infinity'," +
            "'1 year -2 months 3 days -00:00:01.5', '23:59:59.999999-12'"),
        "INSERT INTO all_types (id, c_bits, c_bits16, c_bit, c_varbit, c_int_array, c_text_array, c_money, " +
            "c_point) VALUES (9, B'00000000', B'0000000000000101', B'0', B'', '{}', '{\"\",\"{}\",\"a,b\",null}', " +
            "-1234567.89, '(1e10,-0)')",
        "UPDATE all_types SET c_int = 7, c_text = NULL WHERE id = 3",
        "UPDATE all_types SET id = 30 WHERE id = 3",
        "DELETE FROM all_types WHERE id = 30",
        "INSERT INTO keyed VALUES (10, 'ten', 10, repeat('x', 5000))",
        "UPDATE keyed SET quantity = 11 WHERE id = 10",
        "UPDATE keyed SET id = 12 WHERE id = 10",
        "DELETE FROM keyed WHERE id = 12",
        "INSERT INTO composite VALUES (2, 'x', 2.50)",
        "UPDATE composite SET v = 3 WHERE a = 2",
        "UPDATE composite SET b = 'y' WHERE a = 2",
        "DELETE FROM composite WHERE a = 2",
        "INSERT INTO no_key VALUES (1, 'x')",
        "UPDATE no_key SET a = 2",
        "DELETE FROM no_key",
        "INSERT INTO toasted VALUES (1, 1, repeat('t', 5000), convert_to(repeat('b', 5000), 'UTF8'), " +
            "to_jsonb(repeat('j', 5000)), array_fill('a'::text, ARRAY[3000]), array_fill(1, ARRAY[3000]))",
        "UPDATE toasted SET n = 2",
        "BEGIN; INSERT INTO keyed VALUES (20, 'a', 1, 'b'); INSERT INTO keyed VALUES (21, 'b', 2, 'c'); COMMIT",
        "TRUNCATE keyed, composite",
        "SELECT pg_logical_emit_message(true, 'outbox', 'transactional é')",
        "SELECT pg_logical_emit_message(false, 'outbox', '\\x00ff'::bytea)",
        "INSERT INTO no_key VALUES (99, '" + LAST_TEXT + "')");

    private GoldenScript() {
    }

    private static String fullRow(final int id) {
        return "INSERT INTO all_types VALUES (" + id + """
            , -32768, 2147483647, 9007199254740993, 0.1, 0.1,
            123456789.125, -12345678901234567890.000100, 123456789, 12.34,
            true, 'ab', 'varchar', 'text "quoted" \\ é€😀', '\\x00ff10',
            '2026-11-21', '13:14:15.123456', '13:14:15.123', '13:14:15.123456+02',
            '2026-11-21 13:14:15.123456', '2026-11-21 13:14:15.123', '2026-11-21 13:14:15',
            '2026-11-21 13:14:15.120000+02', '2026-11-21 13:14:15.120+02', '2026-11-21 13:14:15+02',
            '1 year 2 months 3 days 4 hours 5 minutes 6.789 seconds',
            '6f1ab8f0-7c1e-4c7a-9d65-0b9f5c7d1a11', '{"a": 1.10,  "b":[1,2]}', '{"a": 1.10, "b":[1,2]}', '<a>x</a>',
            'happy', '192.168.1.5/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
            B'1', B'10100101', B'1010010101111110', B'101',
            '{1,NULL,3}', '{9007199254740993}', '{"a b",NULL,"q\\"x","NULL","\\\\"}', '{x,y}', '{1.50,-2.25}',
            '{0.1,NaN}', '{1.5,Infinity}', '{t,f,NULL}', '{2026-11-21,1969-12-31}', '{13:14:15.5}',
            '{"2026-11-21 13:14:15.5"}', '{"2026-11-21 13:14:15.5+02"}', '{6f1ab8f0-7c1e-4c7a-9d65-0b9f5c7d1a11}',
            '{sad,happy}', '{"{\\"x\\": 1}"}', '{"\\\\x00ff"}', '{10.0.0.1}',
            '(1.5,-2)', '[1,10)', '[2026-01-01 00:00,2026-02-01 00:00)', 'a fat cat', 12345)
            """;
    }

    private static String special(final int id, final String values) {
        return "INSERT INTO all_types (id, c_real, c_double, c_numeric, c_numeric_free, c_date, c_time, c_ts, c_ts3, " +
            "c_tstz, c_interval, c_timetz) VALUES (" + id + ", " + values + ")";
    }
}
