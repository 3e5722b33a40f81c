package io.headrace.adapters.jdbc;

import io.headrace.codecs.sbe.ColumnType;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Works out the one statement that readings, or documents, are inserted by. Owned by a lane's thread. */
final class FieldPlanner {
    private final Dialect dialect;
    private final String schema;
    private final String tableName;
    private final Map<String, String> columns;
    private final Map<String, String> constants;
    private final List<String> key;
    private final EventField.Payload payload;
    private StatementPlan plan;

    FieldPlanner(
        final Dialect dialect,
        final String schema,
        final String tableName,
        final Map<String, String> columns,
        final Map<String, String> constants,
        final List<String> key,
        final EventField.Payload payload) {
        this.dialect = dialect;
        this.schema = schema;
        this.tableName = tableName;
        this.columns = columns;
        this.constants = constants;
        this.key = key;
        this.payload = payload;
    }

    static FieldPlanner of(final Dialect dialect, final ReadingRule rule, final String defaultSchema) {
        return new FieldPlanner(dialect, rule.schema().orElse(defaultSchema), rule.table(), rule.effectiveColumns(),
            rule.constants(), rule.key(), EventField.Payload.READING);
    }

    static FieldPlanner of(final Dialect dialect, final DocumentRule rule, final String defaultSchema) {
        return new FieldPlanner(dialect, rule.schema().orElse(defaultSchema), rule.table(), rule.effectiveColumns(),
            rule.constants(), rule.key(), EventField.Payload.DOCUMENT);
    }

    String schema() {
        return schema;
    }

    String tableName() {
        return tableName;
    }

    /** Forgets the statement, as the target may have changed. */
    void clear() {
        plan = null;
    }

    List<ColumnDefinition> definitions() {
        final List<ColumnDefinition> definitions = new ArrayList<>();
        new TreeMap<>(columns).forEach((column, field) -> definitions.add(
            new ColumnDefinition(column, field(field).type(), "", key.contains(column))));
        new TreeMap<>(constants).forEach((column, value) -> definitions.add(
            new ColumnDefinition(column, ColumnType.TEXT, "", key.contains(column))));
        return definitions;
    }

    private EventField field(final String name) {
        return EventField.of(name, payload)
            .orElseThrow(() -> new IllegalArgumentException("field=" + name + " is unknown"));
    }

    StatementPlan plan(final TableResolver resolver)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (plan == null) {
            plan = make(resolver.table(schema, tableName, definitions()));
        }
        return plan;
    }

    private StatementPlan make(final TargetTable table) throws ChangeRefusedException {
        final List<Term> terms = new ArrayList<>();
        final List<Term> keyTerms = new ArrayList<>();
        final List<Slot> slots = new ArrayList<>();
        final List<Slot> keySlots = new ArrayList<>();
        final Set<String> keyNames = new HashSet<>();
        for (final ColumnDefinition definition : definitions()) {
            final String name = table.column(definition.name()).name();
            final Term term = dialect.term(name, definition.type());
            final Slot slot = slot(definition);
            terms.add(term);
            slots.add(slot);
            if (definition.key()) {
                keyTerms.add(term);
                keySlots.add(slot);
                keyNames.add(name);
            }
        }
        final String sqlName = table.sqlName();
        final StatementPlan insert =
            new StatementPlan(StatementPlan.Kind.INSERT, table, dialect.insert(sqlName, terms), slots);
        if (keyTerms.isEmpty()) {
            return insert;
        }
        if (!table.hasUniqueKey(keyNames)) {
            throw ChangeRefusedException.fatal("the table " + sqlName + " has neither a primary key nor a unique "
                + "constraint on " + key + ". Mend it with: " + dialect.addPrimaryKey(sqlName, key));
        }
        final String upsert = dialect.upsert(sqlName, terms, keyTerms);
        if (upsert != null) {
            return new StatementPlan(StatementPlan.Kind.UPSERT, table, upsert, slots);
        }
        final List<Slot> updateSlots = new ArrayList<>(slots);
        updateSlots.addAll(keySlots);
        return new StatementPlan(StatementPlan.Kind.UPDATE, table,
            dialect.update(sqlName, terms, keyTerms), updateSlots, insert);
    }

    private Slot slot(final ColumnDefinition definition) {
        final String constant = constants.get(definition.name());
        return constant != null ?
            new Slot(Slot.Origin.CONSTANT, -1, ColumnType.TEXT, false, definition.name(), constant) :
            new Slot(Slot.Origin.FIELD, field(columns.get(definition.name())).ordinal(), definition.type(), false,
                definition.name(), null);
    }
}
