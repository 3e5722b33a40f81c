package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * Writes a lane's events into the tables of a target. Owned by the lane's thread.
 *
 * <p>A batch is one transaction of the target. Its events are applied with their statements gathered into JDBC batches;
 * when that fails, and not for a passing reason, all of it is undone and tried again event by event, which names the
 * event at fault. Nothing of a failed batch stays in the target.
 *
 * <p>The lane's position is part of that transaction, so that what is delivered again after a failure or a crash is
 * recognised, also when it is not known whether a commit went through (see {@link LanePositions}).
 *
 * <p>With {@code transactions: source} a transaction of the source that is larger than a batch keeps the target's one
 * open over several batches. What such a batch adds is undone to a savepoint when it fails. When the transaction itself
 * is lost, its earlier batches cannot be delivered again: the flow stops, and a restart reads them again, since the
 * position stands before them.
 */
final class JdbcSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcSink.class);

    private final SinkContext context;
    private final Dialect dialect;
    private final boolean wholeTransactions;
    private final JdbcCounters counters;
    private final TargetSession session;
    private final EventApplier applier;
    private final TransactionMarkView mark = new TransactionMarkView();
    /** Batches of the open transaction of the source that were delivered and are not committed. */
    private int openPartCount;
    private Savepoint partSavepoint;
    private String lostTransaction;

    JdbcSink(final JdbcSinkOptions options, final SinkContext context) {
        this.context = context;
        dialect = Dialect.of(options);
        wholeTransactions = options.transactions() == TransactionScope.SOURCE;
        counters = new JdbcCounters(context);
        session = new TargetSession(options, dialect, context.name() + "-lane-" + context.lane(), counters);
        applier = new EventApplier(options, dialect, session, counters, context);
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (lostTransaction != null) {
            throw DeliveryException.fatal(0, lostTransaction, null);
        }
        final int size = batch.size();
        applier.outOfTurn(batch.replayed());
        if (!wholeTransactions || !batch.endsInTransaction()) {
            applyPart(batch, 0, size);
            commit(batch, 0, size);
        } else {
            // What comes before the transaction that goes on is whole, and must not be lost with it.
            final int begin = lastBegin(batch);
            if (begin > 0) {
                applyPart(batch, 0, begin);
                commit(batch, 0, begin);
            }
            applyPart(batch, Math.max(0, begin), size);
            openPartCount++;
        }
        context.health().up();
    }

    private int lastBegin(final EventBatch batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            final EventView event = batch.event(i);
            if (event.kind() == EventKind.TRANSACTION
                && mark.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) == DecodeError.NONE
                && mark.mark() == Mark.BEGIN) {
                return i;
            }
        }
        return -1;
    }

    /** Applies a range of the batch; everything before it is finished. */
    private void applyPart(final EventBatch batch, final int from, final int to)
        throws DeliveryException, InterruptedException {
        String lastNeed = null;
        while (true) {
            try {
                applyOrName(batch, from, to);
                return;
            } catch (final SchemaChangeNeededException ex) {
                if (ex.getMessage().equals(lastNeed)) {
                    undo();
                    throw failure(batch, FailureClass.FATAL, from, -1, ex.getMessage()
                        + ", still after it was made. Set schema to where it is.", ex);
                }
                lastNeed = ex.getMessage();
                changeSchema(batch, from, ex);
            }
        }
    }

    private void applyOrName(final EventBatch batch, final int from, final int to)
        throws DeliveryException, InterruptedException, SchemaChangeNeededException {
        if (applyGathered(batch, from, to)) {
            return;
        }
        session.immediate(true);
        try {
            applyOneByOne(batch, from, to);
        } finally {
            session.immediate(false);
        }
        LOG.info("{}: a batch of {} events failed with its statements gathered and went through event by event",
            context.name(), to - from);
        counters.regrouped();
    }

    /** Answers false when the batch failed and was undone, and the event at fault is not known. */
    private boolean applyGathered(final EventBatch batch, final int from, final int to)
        throws DeliveryException, InterruptedException, SchemaChangeNeededException {
        int index = from;
        try {
            partSavepoint = openPartCount > 0 ? session.savepoint() : null;
            for (; index < to; index++) {
                applier.apply(batch.event(index));
            }
            applier.beforeCommit(lastSequence(batch, to));
            session.flush();
            return true;
        } catch (final ChangeRefusedException ex) {
            throw refusal(batch, from, Math.min(index, to - 1), ex);
        } catch (final SQLException ex) {
            if (SqlFailureTable.classify(dialect, ex) == FailureClass.RETRIABLE || connectionRefused(ex)) {
                throw sqlFailure(batch, from, -1, ex);
            }
            LOG.debug("{}: the batch is tried again event by event", context.name(), ex);
            undo();
            applier.forgetTables();
            return false;
        }
    }

    private static long lastSequence(final EventBatch batch, final int to) {
        return batch.event(to - 1).sequence();
    }

    /** Whether the login failed: trying each event would only repeat it. */
    private boolean connectionRefused(final SQLException failure) {
        return SqlFailureTable.decisive(dialect, failure)
            .map(SQLException::getSQLState)
            .filter(state -> state != null && (state.startsWith("28") || state.startsWith("3D")))
            .isPresent();
    }

    private void applyOneByOne(final EventBatch batch, final int from, final int to)
        throws DeliveryException, InterruptedException, SchemaChangeNeededException {
        int index = from;
        try {
            partSavepoint = openPartCount > 0 ? session.savepoint() : null;
            for (; index < to; index++) {
                applier.apply(batch.event(index));
            }
            applier.beforeCommit(lastSequence(batch, to));
        } catch (final ChangeRefusedException ex) {
            throw refusal(batch, from, Math.min(index, to - 1), ex);
        } catch (final SQLException ex) {
            throw sqlFailure(batch, from, Math.min(index, to - 1), ex);
        }
    }

    private void changeSchema(final EventBatch batch, final int from, final SchemaChangeNeededException needed)
        throws DeliveryException, InterruptedException {
        undo();
        if (openPartCount > 0 && !dialect.transactionalSchemaChanges()) {
            throw failure(batch, FailureClass.FATAL, from, -1, needed.getMessage() + ", and making them now would "
                + "commit a part of a transaction of the source. Mend it with: "
                + String.join("; ", needed.statements()), needed);
        }
        try {
            LOG.info("{}: {}: {}", context.name(), needed.getMessage(), needed.statements());
            session.execute(needed.statements());
            if (openPartCount == 0) {
                session.commit();
            }
            counters.schemaChanged();
        } catch (final SQLException ex) {
            if (!SqlFailureTable.alreadyExists(ex)) {
                throw sqlFailure(batch, from, -1, ex);
            }
            // Another lane, or somebody else, was faster.
            LOG.info("{}: {}", context.name(), ex.getMessage());
            undo();
        }
        applier.forgetTables();
    }

    private void commit(final EventBatch batch, final int from, final int to)
        throws DeliveryException, InterruptedException {
        try {
            session.commit();
            openPartCount = 0;
            partSavepoint = null;
        } catch (final SQLException ex) {
            // What fails only now is a deferred constraint, or the connection.
            final boolean refused = SqlFailureTable.classify(dialect, ex) == FailureClass.POISON;
            partSavepoint = null;
            if (refused && to - from > 1) {
                undo();
                throw failure(batch, FailureClass.FATAL, from, -1, SqlFailureTable.describe(dialect, ex)
                    + ". A deferred constraint is violated at the end of the batch; set transactions: source.", ex);
            }
            throw sqlFailure(batch, from, refused ? from : -1, ex);
        }
    }

    private DeliveryException refusal(
        final EventBatch batch, final int from, final int index, final ChangeRefusedException refusal) {
        undo();
        // A person may mend the target before the event is delivered again.
        applier.forgetTables();
        final int named = refusal.failureClass() == FailureClass.RETRIABLE ? -1 : index;
        return failure(batch, refusal.failureClass(), from, named, refusal.getMessage(), refusal);
    }

    private DeliveryException sqlFailure(
        final EventBatch batch, final int from, final int index, final SQLException failure)
        throws InterruptedException {
        final FailureClass failureClass = SqlFailureTable.classify(dialect, failure);
        undo();
        if (SqlFailureTable.interrupted(failure) || Thread.currentThread().isInterrupted()) {
            throw (InterruptedException)new InterruptedException("waiting for the target").initCause(failure);
        }
        if (failureClass != FailureClass.RETRIABLE) {
            applier.forgetTables();
        } else if (openPartCount > 0 && SqlFailureTable.endsTransaction(dialect, failure)) {
            loseTransaction();
        }
        final FailureClass known = failureClass == FailureClass.POISON && index < 0 ? FailureClass.FATAL : failureClass;
        return failure(batch, known, from, index, SqlFailureTable.describe(dialect, failure), failure);
    }

    private DeliveryException failure(
        final EventBatch batch,
        final FailureClass failureClass,
        final int deliveredCount,
        final int index,
        final String reason,
        final Exception cause) {
        final String which = index < 0 ? "The target " + context.name() :
            "Event " + batch.event(index).sequence() + " of topic " + batch.event(index).topic();
        final String message = which + ": " + reason;
        if (lostTransaction != null) {
            lostTransaction = message + ". " + lostTransaction;
            context.health().failed(lostTransaction);
            return DeliveryException.fatal(0, lostTransaction, cause);
        }
        return switch (failureClass) {
            case RETRIABLE -> {
                context.health().down(message);
                yield DeliveryException.retriable(deliveredCount, message, cause);
            }
            case POISON -> DeliveryException.poison(deliveredCount, index, message, cause);
            case FATAL -> {
                context.health().failed(message);
                yield DeliveryException.fatal(deliveredCount, message, cause);
            }
        };
    }

    /** Undoes the part in hand, or the whole transaction where there is only that. */
    private void undo() {
        applier.rolledBack();
        if (partSavepoint == null) {
            if (openPartCount > 0) {
                loseTransaction();
            }
            session.rollback();
            return;
        }
        try {
            session.rollback(partSavepoint);
        } catch (final SQLException ex) {
            LOG.debug("{}: the savepoint is gone", context.name(), ex);
            loseTransaction();
        }
    }

    private void loseTransaction() {
        if (lostTransaction == null) {
            lostTransaction = openPartCount + " batches of a transaction of the source had been delivered before and "
                + "were rolled back with it; they cannot be delivered again. Restart the service: it reads the whole "
                + "transaction again, as its position did not move";
        }
        openPartCount = 0;
        partSavepoint = null;
        session.rollback();
    }

    @Override
    public void close() {
        if (openPartCount > 0) {
            LOG.warn("{}: closed within a transaction of the source; {} batches are rolled back and will be read again",
                context.name(), openPartCount);
            openPartCount = 0;
        }
        session.close();
    }
}
