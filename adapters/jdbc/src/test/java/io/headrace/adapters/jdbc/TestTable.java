package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

import java.util.ArrayList;
import java.util.List;

/** A table of an imagined source: what its events say about it. */
final class TestTable {
    final String schema;
    final String name;
    final List<Column> columns = new ArrayList<>();

    TestTable(final String schema, final String name) {
        this.schema = schema;
        this.name = name;
    }

    TestTable key(final String column, final ColumnType type, final String typeName) {
        columns.add(new Column(column, type, typeName, true));
        return this;
    }

    TestTable column(final String column, final ColumnType type, final String typeName) {
        columns.add(new Column(column, type, typeName, false));
        return this;
    }

    /** Items with an id, a name, a quantity and a note. */
    static TestTable items() {
        return new TestTable("public", "items")
            .key("id", ColumnType.INT64, "int8")
            .column("name", ColumnType.TEXT, "text")
            .column("qty", ColumnType.DECIMAL, "numeric")
            .column("note", ColumnType.TEXT, "text");
    }

    /** A log of amounts without a key. */
    static TestTable history() {
        return new TestTable("public", "history")
            .column("id", ColumnType.INT64, "int8")
            .column("delta", ColumnType.INT32, "int4")
            .column("filler", ColumnType.TEXT, "bpchar");
    }

    record Column(String name, ColumnType type, String typeName, boolean key) {
    }
}
