package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcCounters.Count;
import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedPolicy;
import io.headrace.adapters.jdbc.JdbcSinkOptions.Unmapped;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.ValueView;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ValueState;

import java.sql.SQLException;

/** Turns one event after the other into statements of the open transaction. Owned by a lane's thread. */
final class EventApplier {
    private final JdbcSinkOptions options;
    private final TargetSession session;
    private final JdbcCounters counters;
    private final boolean oneLane;
    private final PositionsTable positions;
    private final LanePositions lanePositions;
    private final TableResolver resolver;
    private final RowPlanCache plans;
    private final FieldPlanner readingPlanner;
    private final FieldPlanner documentPlanner;
    private final PositionLedger ledger;
    private final RowChangeView row = new RowChangeView();
    private final ReadingView reading = new ReadingView();
    private final DocumentView document = new DocumentView();
    private final RowParameters rowParameters;
    private final FieldParameters fieldParameters;
    private boolean changed;
    private boolean outOfTurn;

    EventApplier(
        final JdbcSinkOptions options,
        final Dialect dialect,
        final TargetSession session,
        final JdbcCounters counters,
        final SinkContext context) {
        this.options = options;
        this.session = session;
        this.counters = counters;
        oneLane = context.laneCount() == 1;
        resolver = new TableResolver(dialect, session, options.autoCreate());
        plans = new RowPlanCache(new RowPlanner(options, dialect, resolver));
        final String schema = options.schema().orElse(null);
        readingPlanner = options.readings().map(rule -> FieldPlanner.of(dialect, rule, schema)).orElse(null);
        documentPlanner = options.documents().map(rule -> FieldPlanner.of(dialect, rule, schema)).orElse(null);
        positions = new PositionsTable(options, dialect, session, resolver, context.name());
        lanePositions = new LanePositions(context, positions);
        ledger = new PositionLedger(options, dialect, session, positions);
        rowParameters = new RowParameters(dialect.binder(), row);
        fieldParameters = new FieldParameters(dialect.binder(), reading, document);
    }

    /** Forgets what the target said about its tables, as it may have changed. */
    void forgetTables() {
        resolver.clear();
        plans.clear();
        if (readingPlanner != null) {
            readingPlanner.clear();
        }
        if (documentPlanner != null) {
            documentPlanner.clear();
        }
    }

    /** Forgets what belongs to a transaction that was undone. */
    void rolledBack() {
        ledger.clear();
        lanePositions.clear();
        positions.clear();
        changed = false;
    }

    /**
     * Says whether the events that follow were parked and are replayed: the positions in the target, which are past
     * them, say nothing about them then, and stay as they are.
     */
    void outOfTurn(final boolean replayed) {
        outOfTurn = replayed;
    }

    /**
     * Adds to the open transaction what must be committed with it. Where nothing was applied, nothing is written.
     *
     * @param lastSequence of the events that were given to {@link #apply}.
     */
    void beforeCommit(final long lastSequence)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (changed) {
            if (options.effectivelyOnce() && !outOfTurn) {
                lanePositions.store(lastSequence);
            }
            ledger.store();
            positions.write();
            changed = false;
        }
    }

    void apply(final EventView event) throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (options.effectivelyOnce() && !outOfTurn && lanePositions.applied(event)) {
            counters.add(Count.ALREADY_APPLIED_EVENTS, 1);
            return;
        }
        switch (event.kind()) {
            case ROW_CHANGE -> {
                check(row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
                applyRow(event);
            }
            case READING -> {
                check(reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
                applyFields(event, readingPlanner, "readings");
            }
            case DOCUMENT -> {
                check(document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()));
                applyFields(event, documentPlanner, "documents");
            }
            case TRANSACTION -> {
                // The sink looks at the marks; the target's own transactions stand for them.
            }
            default -> throw ChangeRefusedException.poison("the kind " + event.kind() + " is not known");
        }
    }

    private static void check(final DecodeError error) throws ChangeRefusedException {
        if (error != DecodeError.NONE) {
            throw ChangeRefusedException.poison("its payload is malformed: " + error);
        }
    }

    private void applyFields(final EventView event, final FieldPlanner planner, final String option)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        if (planner == null) {
            unmapped(event, "option " + option);
        } else {
            session.add(planner.plan(resolver), fieldParameters.of(event));
            changed = true;
        }
    }

    private void unmapped(final EventView event, final String remedy) throws ChangeRefusedException {
        if (options.unmapped() == Unmapped.FAIL) {
            throw ChangeRefusedException.fatal("no rule says where topic " + event.topic() + " goes. Give the "
                + remedy + ", leave the topic out of the sink's topics, or set unmapped: ignore.");
        }
        counters.add(Count.UNMAPPED_EVENTS, 1);
    }

    private void applyRow(final EventView event)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final RowPlan plan = plans.plan(row);
        switch (plan.treatment()) {
            case UNMAPPED -> unmapped(event, "table a rule in tables, or mirror: true");
            case SKIPPED -> counters.add(Count.IGNORED_TRUNCATES, 1);
            case UNKEYED -> {
                if (admitUnkeyed(event, plan.table())) {
                    execute(plan, false);
                } else {
                    counters.add(Count.UNKEYED_REPEATS, 1);
                }
            }
            default -> {
                final boolean rekeyed = keyChanged(plan);
                if (!oneLane && (rekeyed || row.operation() == Operation.TRUNCATE)) {
                    throw ChangeRefusedException.fatal("a " + (rekeyed ? "change of a key" : "truncate") + " of "
                        + plan.table() + " concerns more than one lane, whose order among each other is not kept. "
                        + "Set lanes: 1" + (rekeyed ? "." : ", or truncate: ignore."));
                }
                execute(plan, rekeyed);
            }
        }
    }

    private void execute(final RowPlan plan, final boolean rekeyed) throws SQLException, ChangeRefusedException {
        for (final StatementPlan statement : plan.statements(rekeyed)) {
            session.add(statement, rowParameters);
            changed = true;
        }
    }

    private boolean admitUnkeyed(final EventView event, final TargetTable table)
        throws SQLException, ChangeRefusedException, SchemaChangeNeededException {
        final boolean insert = row.operation() == Operation.INSERT || row.operation() == Operation.READ;
        if (options.unkeyed() == UnkeyedPolicy.FAIL) {
            throw ChangeRefusedException.fatal("the rows of " + table + " have no key. Give it one in the table's rule "
                + "in tables, or set unkeyed: exact.");
        }
        if (!oneLane && (options.unkeyed() == UnkeyedPolicy.EXACT || !insert)) {
            throw ChangeRefusedException.fatal("the rows of " + table + " have no key, so that their order cannot be "
                + "kept over several lanes. Set lanes: 1, or give the table a key in its rule in tables.");
        }
        return outOfTurn
            || options.unkeyed() == UnkeyedPolicy.APPEND
            || ledger.admit(event, row.operation() == Operation.READ, table);
    }

    private boolean keyChanged(final RowPlan plan) {
        for (final int index : plan.comparedColumns()) {
            final ValueView before = row.column(index).before();
            final ValueView after = row.column(index).after();
            if (before.state() != after.state() || before.length() != after.length()) {
                // A value that was not sent again is the same.
                if (after.state() != ValueState.UNCHANGED) {
                    return true;
                }
                continue;
            }
            for (int i = 0; i < before.length(); i++) {
                if (before.buffer().getByte(before.offset() + i) != after.buffer().getByte(after.offset() + i)) {
                    return true;
                }
            }
        }
        return false;
    }
}
