package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;
import io.headrace.codecs.sbe.ColumnType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class DialectTest {
    private static final List<ColumnDefinition> COLUMNS = List.of(
        new ColumnDefinition("id", ColumnType.INT64, "int8", true),
        new ColumnDefinition("doc", ColumnType.JSON, "json", false),
        new ColumnDefinition("at", ColumnType.TIMESTAMP_TZ, "timestamptz", false));

    private static Dialect dialect(final String url) {
        return Dialect.of(TestOptions.of(url).build());
    }

    private static List<Term> terms(final Dialect dialect) {
        return List.of(dialect.term("id", ColumnType.INT64), dialect.term("doc", ColumnType.JSON));
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d, POSTGRESQL", "jdbc:mariadb://h/d, MARIADB", "jdbc:mysql://h/d, MYSQL",
        "jdbc:h2:mem:x, H2", "jdbc:oracle:thin:@h, GENERIC"})
    void shouldKnowTheDialectByTheUrl(final String url, final DialectName expected) {
        assertEquals(expected, dialect(url).name());
    }

    @Test
    void shouldSpeakPostgres() {
        final Dialect dialect = dialect("jdbc:postgresql://h/d");
        final List<Term> terms = terms(dialect);
        final List<Term> key = terms.subList(0, 1);
        assertEquals("INSERT INTO t (\"id\", \"doc\") OVERRIDING SYSTEM VALUE VALUES (?, ?) "
            + "ON CONFLICT (\"id\") DO UPDATE SET \"doc\" = EXCLUDED.\"doc\"", dialect.upsert("t", terms, key));
        assertEquals("INSERT INTO t (\"id\") OVERRIDING SYSTEM VALUE VALUES (?) ON CONFLICT (\"id\") DO NOTHING",
            dialect.upsert("t", key, key));
        assertEquals("DELETE FROM t WHERE ctid = (SELECT ctid FROM t WHERE \"id\" IS NOT DISTINCT FROM ? AND "
            + "\"doc\"::text IS NOT DISTINCT FROM ? LIMIT 1 FOR UPDATE)", dialect.deleteOne("t", terms));
        assertEquals("TRUNCATE TABLE t", dialect.truncate("t"));
        assertEquals("CREATE TABLE t (\"id\" bigint NOT NULL, \"doc\" json, \"at\" timestamptz, PRIMARY KEY (\"id\"))",
            dialect.createTable("t", COLUMNS));
    }

    @Test
    void shouldSpeakMariaDb() {
        final Dialect dialect = dialect("jdbc:mariadb://h/d");
        final List<Term> terms = terms(dialect);
        final List<Term> key = terms.subList(0, 1);
        assertEquals("INSERT INTO t (`id`, `doc`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `doc` = VALUES(`doc`)",
            dialect.upsert("t", terms, key));
        assertEquals("INSERT INTO t (`id`) VALUES (?) ON DUPLICATE KEY UPDATE `id` = VALUES(`id`)",
            dialect.upsert("t", key, key));
        assertEquals("UPDATE t SET `id` = ? WHERE `id` <=> ? AND `doc` <=> ? LIMIT 1",
            dialect.updateOne("t", key, terms));
        assertEquals("DELETE FROM t", dialect.truncate("t"), "TRUNCATE would commit");
        assertEquals("CREATE TABLE t (`id` BIGINT NOT NULL, `doc` JSON, `at` DATETIME(6), PRIMARY KEY (`id`))",
            dialect.createTable("t", COLUMNS));
    }

    @Test
    void shouldSpeakH2() {
        final Dialect dialect = dialect("jdbc:h2:mem:x");
        final List<Term> terms = terms(dialect);
        assertEquals("MERGE INTO t (\"id\", \"doc\") KEY (\"id\") VALUES (?, ? FORMAT JSON)",
            dialect.upsert("t", terms, terms.subList(0, 1)));
        assertEquals("DELETE FROM t WHERE _ROWID_ = (SELECT _ROWID_ FROM t WHERE \"id\" IS NOT DISTINCT FROM ? AND "
            + "\"doc\" IS NOT DISTINCT FROM ? FORMAT JSON FETCH FIRST ROW ONLY)", dialect.deleteOne("t", terms));
    }

    @Test
    void shouldDoWithoutADialect() {
        final Dialect dialect = dialect("jdbc:other:x");
        final List<Term> terms = terms(dialect);
        assertNull(dialect.upsert("t", terms, terms.subList(0, 1)));
        assertNull(dialect.deleteOne("t", terms));
        assertEquals("UPDATE t SET \"doc\" = ? WHERE \"id\" = ?",
            dialect.update("t", terms.subList(1, 2), terms.subList(0, 1)));
    }

    @Test
    void shouldQuoteNamesSoThatTheyCannotBeReadAsSql() {
        assertEquals("\"a\"\"; DROP TABLE b\"", dialect("jdbc:postgresql://h/d").quote("a\"; DROP TABLE b"));
        assertEquals("`a``; DROP TABLE b`", dialect("jdbc:mariadb://h/d").quote("a`; DROP TABLE b"));
    }

    @ParameterizedTest
    @CsvSource({
        "ARRAY, _int4, int4[]", "ARRAY, text[], text[]", "ARRAY, mood[], text", "ENUM, mood, text",
        "OTHER, point, point", "OTHER, 'x; DROP TABLE y', text",
        "OTHER, bit, varbit", "OTHER, 'bit(8)', varbit", "TEXT, bpchar, bpchar",
        "TEXT, 'varchar(20)', varchar",
        "JSON, jsonb, jsonb",
        "NETWORK, inet, inet", "FLOAT64, float8, double precision", "DECIMAL, 'numeric(10,2)', numeric"})
    void shouldMakeColumnsOfTheSourcesTypeWhereThatIsSafe(
        final ColumnType type, final String typeName, final String expected) {
        assertEquals(expected, new PostgresDialect().columnType(new ColumnDefinition("c", type, typeName, false)));
    }

    @ParameterizedTest
    @CsvSource({
        "'numeric(12,3)', 'DECIMAL(12, 3)'", "numeric, 'DECIMAL(65, 30)'", "'numeric(100,3)', 'DECIMAL(65, 30)'",
        "'numeric(5,-2)', 'DECIMAL(65, 30)'", "'numeric(3,5)', 'DECIMAL(65, 30)'"})
    void shouldKeepTheSourcesPrecisionInMariaDb(final String typeName, final String expected) {
        assertEquals(expected, dialect("jdbc:mariadb://h/d").columnType(
            new ColumnDefinition("c", ColumnType.DECIMAL, typeName, false)));
    }

    @Test
    void shouldWriteTimesExactly() {
        assertEquals("2026-11-21", TimeText.date(20_778));
        assertEquals("0001-01-01 BC", TimeText.date(-719_528));
        assertEquals("24:00:00", TimeText.time(TimeText.MICROS_PER_DAY));
        assertEquals("00:00:00.000001", TimeText.time(1));
        assertEquals("1969-12-31 23:59:59.999999+00", TimeText.timestamp(-1, "+00"));
        assertEquals("12026-01-01 00:00:00", TimeText.timestamp(317_336_745_600_000_000L, ""));
    }
}
