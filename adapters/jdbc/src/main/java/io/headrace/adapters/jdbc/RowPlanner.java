package io.headrace.adapters.jdbc;

import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.RowColumn;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ValueState;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Works out what is done for the first row change of each shape; the answer is kept by {@link RowPlanCache}. Owned by a
 * lane's thread.
 */
final class RowPlanner {
    private final JdbcSinkOptions options;
    private final Dialect dialect;
    private final TableMapper mapper;
    private final TableResolver resolver;

    RowPlanner(final JdbcSinkOptions options, final Dialect dialect, final TableResolver resolver) {
        this.options = options;
        this.dialect = dialect;
        this.mapper = new TableMapper(options);
        this.resolver = resolver;
    }

    RowPlan plan(final RowChangeView row)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final TableMapping mapping = mapper.mapping(row.schemaName(), row.tableName());
        if (mapping == null) {
            return RowPlan.UNMAPPED;
        }
        return row.operation() == Operation.TRUNCATE ? truncate(mapping) : rowPlan(row, mapping);
    }

    private RowPlan truncate(final TableMapping mapping) throws SQLException, ChangeRefusedException {
        final TargetTable table = resolver.existing(mapping.schema(), mapping.table());
        if (options.truncate() == JdbcSinkOptions.TruncatePolicy.IGNORE || table == null && options.autoCreate()) {
            return RowPlan.of(RowPlan.Treatment.SKIPPED, table);
        }
        if (table == null) {
            throw ChangeRefusedException.fatal("the table "
                + dialect.qualified(mapping.schema(), mapping.table()) + " is missing. Create it.");
        }
        if (mapping.constants().isEmpty()) {
            return RowPlan.of(RowPlan.Treatment.KEYED, table, new StatementPlan(
                StatementPlan.Kind.TRUNCATE, table, dialect.truncate(table.sqlName()), List.of()));
        }
        // Other tables of the source may share the target: only this one's rows go, by their constants.
        final List<MappedColumn> constants = new ArrayList<>();
        addConstants(mapping, Set.of(), constants);
        return RowPlan.of(RowPlan.Treatment.KEYED, table, new StatementPlan(
            StatementPlan.Kind.TRUNCATE,
            table,
            dialect.delete(table.sqlName(), constants.stream().map(MappedColumn::term).toList()),
            constants.stream().map(MappedColumn::slotAfter).toList()));
    }

    private RowPlan rowPlan(final RowChangeView row, final TableMapping mapping)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final List<MappedColumn> wanted = mappedColumns(row, mapping);
        final TargetTable table = resolver.table(
            mapping.schema(), mapping.table(), wanted.stream().map(MappedColumn::definition).toList());
        final Shape shape = shape(row, mapping, table, wanted);
        final boolean keyed = !shape.keys().isEmpty();
        return switch (row.operation()) {
            case INSERT, READ -> keyed ? RowPlan.of(RowPlan.Treatment.KEYED, table, upsert(shape)) :
                RowPlan.of(RowPlan.Treatment.UNKEYED, table, insert(shape));
            case UPDATE -> keyed ? keyedUpdate(row, shape) : unkeyedUpdate(shape);
            case DELETE -> keyed ? RowPlan.of(RowPlan.Treatment.KEYED, table, keyedDelete(shape)) :
                RowPlan.of(RowPlan.Treatment.UNKEYED, table, unkeyedDelete(shape));
            default -> throw ChangeRefusedException.poison("the operation " + row.operation() + " is not known");
        };
    }

    private List<MappedColumn> mappedColumns(final RowChangeView row, final TableMapping mapping)
        throws ChangeRefusedException {
        final Set<String> keyNames = new HashSet<>(mapping.key());
        final List<MappedColumn> columns = new ArrayList<>();
        for (int i = 0; i < row.columnCount(); i++) {
            final RowColumn column = row.column(i);
            final String target = mapping.target(column.name());
            final boolean key = keyNames.isEmpty() ? column.key() : keyNames.contains(target);
            if (target != null) {
                columns.add(mapped(i, new ColumnDefinition(target, column.type(), column.typeName(), key), null,
                    known(column.before()), known(column.after())));
            } else if (keyNames.isEmpty() && column.key()) {
                throw ChangeRefusedException.fatal("the column " + column.name() + " of " + row.schemaName() + '.'
                    + row.tableName() + " is dropped but identifies its rows. Give a key in the table's rule.");
            }
        }
        addConstants(mapping, keyNames, columns);
        for (final String key : keyNames) {
            if (columns.stream().noneMatch(column -> column.name().equals(key))) {
                throw ChangeRefusedException.fatal("the key column " + key + " gets no value from " + row.schemaName()
                    + '.' + row.tableName() + ". Mend the table's rule: key names columns of the target.");
            }
        }
        return columns;
    }

    private void addConstants(
        final TableMapping mapping, final Set<String> keyNames, final List<MappedColumn> columns) {
        new TreeMap<>(mapping.constants()).forEach((name, value) -> columns.add(mapped(
            -1, new ColumnDefinition(name, ColumnType.TEXT, "", keyNames.contains(name)), value, true, true)));
    }

    private MappedColumn mapped(
        final int index,
        final ColumnDefinition definition,
        final String constant,
        final boolean before,
        final boolean after) {
        return new MappedColumn(
            index, definition, dialect.term(definition.name(), definition.type()), constant, before, after);
    }

    private static boolean known(final ValueView value) {
        return value.state() != ValueState.ABSENT && value.state() != ValueState.UNCHANGED;
    }

    /** Puts the target's own spelling of the names in, leaves out what it computes, and settles the key. */
    private Shape shape(
        final RowChangeView row,
        final TableMapping mapping,
        final TargetTable table,
        final List<MappedColumn> wanted) throws ChangeRefusedException {
        final Set<String> keys = keyNames(row, mapping, table, wanted);
        final List<MappedColumn> columns = new ArrayList<>();
        final List<MappedColumn> keyColumns = new ArrayList<>();
        for (final MappedColumn column : wanted) {
            final TargetColumn target = table.column(column.name());
            if (!target.generated()) {
                final MappedColumn mapped = mapped(
                    column.index(),
                    new ColumnDefinition(
                        target.name(), column.type(), column.definition().typeName(), keys.contains(target.name())),
                    column.constant(),
                    column.before(),
                    column.after());
                columns.add(mapped);
                if (mapped.key()) {
                    keyColumns.add(mapped);
                }
            }
        }
        return new Shape(table, columns, keyColumns);
    }

    private Set<String> keyNames(
        final RowChangeView row,
        final TableMapping mapping,
        final TargetTable table,
        final List<MappedColumn> wanted) throws ChangeRefusedException {
        final Set<String> names = new HashSet<>();
        final Set<String> all = new HashSet<>();
        for (final MappedColumn column : wanted) {
            final String name = table.column(column.name()).name();
            all.add(name);
            if (column.key()) {
                names.add(name);
            }
        }
        if (names.isEmpty() || table.hasUniqueKey(names)) {
            return names;
        }
        if (mapping.key().isEmpty() && names.size() == row.columnCount()) {
            // All columns together identify the row: under REPLICA IDENTITY FULL a table may have a smaller key, or
            // none at all. The target's primary key tells.
            return !table.primaryKey().isEmpty() && all.containsAll(table.primaryKey()) ? table.primaryKey() : Set.of();
        }
        final List<String> ordered = wanted.stream()
            .filter(MappedColumn::key)
            .map(column -> table.column(column.name()).name())
            .toList();
        throw ChangeRefusedException.fatal("the table " + table.sqlName() + " has neither a primary key nor a unique "
            + "constraint on " + ordered + ", which identify its rows. Mend it with: "
            + dialect.addPrimaryKey(table.sqlName(), ordered) + "; or give another key in the table's rule.");
    }

    private StatementPlan insert(final Shape shape) {
        final List<MappedColumn> columns = shape.known();
        return new StatementPlan(StatementPlan.Kind.INSERT, shape.table(),
            dialect.insert(shape.table().sqlName(), terms(columns)), slotsAfter(columns));
    }

    private StatementPlan upsert(final Shape shape) {
        return upsert(dialect, shape.table(), shape.known(), shape.keys());
    }

    /** Inserts a row or replaces the one with its key, in one statement or in two. */
    static StatementPlan upsert(
        final Dialect dialect,
        final TargetTable table,
        final List<MappedColumn> columns,
        final List<MappedColumn> keys) {
        final String name = table.sqlName();
        final String sql = dialect.upsert(name, terms(columns), terms(keys));
        if (sql != null) {
            return new StatementPlan(StatementPlan.Kind.UPSERT, table, sql, slotsAfter(columns));
        }
        final StatementPlan insert = new StatementPlan(
            StatementPlan.Kind.INSERT, table, dialect.insert(name, terms(columns)), slotsAfter(columns));
        final List<MappedColumn> others = columns.stream().filter(column -> !column.key()).toList();
        final List<MappedColumn> assigned = others.isEmpty() ? keys : others;
        final List<Slot> slots = new ArrayList<>(slotsAfter(assigned));
        slots.addAll(slotsAfter(keys));
        return new StatementPlan(StatementPlan.Kind.UPDATE, table,
            dialect.update(name, terms(assigned), terms(keys)), slots, insert);
    }

    private RowPlan keyedUpdate(final RowChangeView row, final Shape shape) throws ChangeRefusedException {
        final boolean complete = shape.columns().stream().allMatch(MappedColumn::known);
        final List<StatementPlan> statements;
        if (complete) {
            statements = List.of(upsert(shape));
        } else {
            requireKey(shape, shape.keys().stream().allMatch(MappedColumn::known));
            statements = updateKnown(shape, shape.others(), false);
        }
        final boolean keyBefore = shape.keys().stream().allMatch(MappedColumn::before);
        if (!keyBefore) {
            return new RowPlan(RowPlan.Treatment.KEYED, shape.table(), statements, List.of(), new int[0]);
        }
        final List<StatementPlan> rekeyStatements = complete ?
            List.of(keyedDelete(shape), upsert(shape)) : updateKnown(shape, shape.columns(), true);
        final int[] compared = shape.keys().stream().mapToInt(MappedColumn::index).filter(i -> i >= 0).toArray();
        return new RowPlan(RowPlan.Treatment.KEYED, shape.table(), statements, rekeyStatements, compared);
    }

    /** Updates only what the event holds: an upsert could insert a row without its large, unchanged values. */
    private List<StatementPlan> updateKnown(
        final Shape shape, final List<MappedColumn> candidates, final boolean byOldKey) {
        final List<MappedColumn> assigned =
            candidates.stream().filter(column -> column.after() && column.constant() == null).toList();
        if (assigned.isEmpty()) {
            return List.of();
        }
        final List<Slot> slots = new ArrayList<>(slotsAfter(assigned));
        slots.addAll(byOldKey ? slotsBefore(shape.keys()) : slotsAfter(shape.keys()));
        return List.of(new StatementPlan(StatementPlan.Kind.UPDATE, shape.table(),
            dialect.update(shape.table().sqlName(), terms(assigned), terms(shape.keys())), slots));
    }

    private StatementPlan keyedDelete(final Shape shape) throws ChangeRefusedException {
        requireKey(shape, shape.keys().stream().allMatch(MappedColumn::before));
        return new StatementPlan(StatementPlan.Kind.DELETE, shape.table(),
            dialect.delete(shape.table().sqlName(), terms(shape.keys())), slotsBefore(shape.keys()));
    }

    private static void requireKey(final Shape shape, final boolean known) throws ChangeRefusedException {
        if (!known) {
            throw ChangeRefusedException.poison("the event does not hold the whole key "
                + shape.keys().stream().map(MappedColumn::name).toList() + " of the row in " + shape.table()
                + ". In the source: ALTER TABLE ... REPLICA IDENTITY FULL.");
        }
    }

    private RowPlan unkeyedUpdate(final Shape shape) throws ChangeRefusedException {
        final List<MappedColumn> identity = unkeyedIdentity(shape);
        final List<MappedColumn> assigned =
            shape.columns().stream().filter(column -> column.after() && column.constant() == null).toList();
        final String sql = dialect.updateOne(shape.table().sqlName(), terms(assigned), terms(identity));
        requireOneRow(shape, sql);
        final List<Slot> slots = new ArrayList<>(slotsAfter(assigned));
        slots.addAll(slotsBefore(identity));
        return RowPlan.of(RowPlan.Treatment.UNKEYED, shape.table(),
            new StatementPlan(StatementPlan.Kind.UPDATE, shape.table(), sql, slots));
    }

    private StatementPlan unkeyedDelete(final Shape shape) throws ChangeRefusedException {
        final List<MappedColumn> identity = unkeyedIdentity(shape);
        final String sql = dialect.deleteOne(shape.table().sqlName(), terms(identity));
        requireOneRow(shape, sql);
        return new StatementPlan(StatementPlan.Kind.DELETE, shape.table(), sql, slotsBefore(identity));
    }

    private static List<MappedColumn> unkeyedIdentity(final Shape shape) throws ChangeRefusedException {
        if (shape.columns().isEmpty() || !shape.columns().stream().allMatch(MappedColumn::before)) {
            throw ChangeRefusedException.poison("the rows of " + shape.table() + " have no key, and the event does not "
                + "hold the whole row before the change. In the source: ALTER TABLE ... REPLICA IDENTITY FULL.");
        }
        return shape.columns();
    }

    private void requireOneRow(final Shape shape, final String sql) throws ChangeRefusedException {
        if (sql == null) {
            throw ChangeRefusedException.fatal("the dialect " + dialect.name() + " cannot change exactly one of "
                + "several equal rows, and those of " + shape.table() + " have no key. Give the table a key.");
        }
    }

    private static List<Term> terms(final List<MappedColumn> columns) {
        return columns.stream().map(MappedColumn::term).toList();
    }

    private static List<Slot> slotsAfter(final List<MappedColumn> columns) {
        return columns.stream().map(MappedColumn::slotAfter).toList();
    }

    private static List<Slot> slotsBefore(final List<MappedColumn> columns) {
        return columns.stream().map(MappedColumn::slotBefore).toList();
    }

    /** A table and what an event gives to its columns. */
    private record Shape(TargetTable table, List<MappedColumn> columns, List<MappedColumn> keys) {
        List<MappedColumn> known() {
            return columns.stream().filter(MappedColumn::known).toList();
        }

        List<MappedColumn> others() {
            return columns.stream().filter(column -> !column.key()).toList();
        }
    }
}
