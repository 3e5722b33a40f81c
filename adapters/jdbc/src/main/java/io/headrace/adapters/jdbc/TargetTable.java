package io.headrace.adapters.jdbc;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A table of the target as its catalog described it when it was first needed. Used by one lane's thread. */
final class TargetTable {
    private final String sqlName;
    private final Map<String, TargetColumn> columns = new LinkedHashMap<>();
    private final List<Set<String>> uniqueKeys;
    private final Set<String> primaryKey;

    /**
     * @param sqlName    qualified and quoted, as statements write it.
     * @param columns    in the table's order.
     * @param primaryKey names of its columns, empty when there is none.
     * @param uniqueKeys the names of the columns of each unique index, the primary key's among them.
     */
    TargetTable(
        final String sqlName,
        final List<TargetColumn> columns,
        final Set<String> primaryKey,
        final List<Set<String>> uniqueKeys) {
        this.sqlName = sqlName;
        for (final TargetColumn column : columns) {
            this.columns.put(column.name(), column);
        }
        this.primaryKey = Set.copyOf(primaryKey);
        this.uniqueKeys = List.copyOf(uniqueKeys);
    }

    String sqlName() {
        return sqlName;
    }

    Collection<TargetColumn> columns() {
        return columns.values();
    }

    Set<String> primaryKey() {
        return primaryKey;
    }

    /** The column of this name, or else the only one that differs in case alone; null when there is none. */
    TargetColumn column(final String name) {
        final TargetColumn exact = columns.get(name);
        if (exact != null) {
            return exact;
        }
        TargetColumn found = null;
        for (final TargetColumn column : columns.values()) {
            if (column.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                if (found != null) {
                    return null;
                }
                found = column;
            }
        }
        return found;
    }

    boolean hasUniqueKey(final Set<String> names) {
        return uniqueKeys.contains(names);
    }

    @Override
    public String toString() {
        return sqlName;
    }
}
