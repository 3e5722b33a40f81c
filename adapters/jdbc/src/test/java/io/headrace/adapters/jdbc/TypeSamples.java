package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

import java.util.UUID;

/** A table with a column of each type, and values near their limits. */
final class TypeSamples {
    private TypeSamples() {
    }

    static TestTable table() {
        return new TestTable("public", "values")
            .key("id", ColumnType.INT64, "int8")
            .column("c_text", ColumnType.TEXT, "text")
            .column("c_bool", ColumnType.BOOL, "bool")
            .column("c_int2", ColumnType.INT16, "int2")
            .column("c_int4", ColumnType.INT32, "int4")
            .column("c_int8", ColumnType.INT64, "int8")
            .column("c_float4", ColumnType.FLOAT32, "float4")
            .column("c_float8", ColumnType.FLOAT64, "float8")
            .column("c_numeric", ColumnType.DECIMAL, "numeric")
            .column("c_date", ColumnType.DATE, "date")
            .column("c_time", ColumnType.TIME, "time")
            .column("c_timetz", ColumnType.TIME_TZ, "timetz")
            .column("c_timestamp", ColumnType.TIMESTAMP, "timestamp")
            .column("c_timestamptz", ColumnType.TIMESTAMP_TZ, "timestamptz")
            .column("c_interval", ColumnType.INTERVAL, "interval")
            .column("c_uuid", ColumnType.UUID, "uuid")
            .column("c_bytes", ColumnType.BYTES, "bytea")
            .column("c_json", ColumnType.JSON, "jsonb")
            .column("c_array", ColumnType.ARRAY, "int4[]")
            .column("c_enum", ColumnType.ENUM, "mood")
            .column("c_inet", ColumnType.NETWORK, "cidr");
    }

    static Object[] values(final long id) {
        return new Object[] {
            id, "größer 'x' \\ y", true, -32_768, Integer.MAX_VALUE, Long.MAX_VALUE, 1.5, 0.1,
            "12345678901234567890.1234567890123456789", 20_778, 86_399_999_999L, "23:59:59+01",
            1_795_285_800_123_456L, -1L, "P1Y2M3DT4H5M6.7S",
            UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), new byte[] {0, 1, 127},
            "{\"a\": [1, null]}", "{1,NULL,3}", "happy", "10.0.0.0/8"};
    }

    static Object[] nulls(final long id) {
        final Object[] values = new Object[table().columns.size()];
        values[0] = id;
        return values;
    }
}
