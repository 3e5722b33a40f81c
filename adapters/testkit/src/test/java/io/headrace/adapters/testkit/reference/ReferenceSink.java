package io.headrace.adapters.testkit.reference;

import io.headrace.adapters.testkit.Change;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.sbe.EventKind;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A sink that keeps the contract, on its lane's thread; and one that breaks a clause of it for each
 * {@link SinkFault}, so that the contract can be seen to notice.
 */
final class ReferenceSink implements Sink {
    /** The number of this change's event is refused, whatever its key. */
    static final String POISON_KEY_PREFIX = "poison";

    private final ReferenceSinkOptions options;
    private final SinkContext context;
    private final Target target;
    private final List<Change> uncommitted = new ArrayList<>();
    private final RowChangeView row = new RowChangeView();
    private List<Change> lastCommitted = List.of();
    private long ownSequence = -1;
    private boolean closed;

    ReferenceSink(final ReferenceSinkOptions options, final SinkContext context) {
        this.options = options;
        this.context = context;
        this.target = Target.of(options.target());
    }

    private boolean fault(final SinkFault fault) {
        return options.fault() == fault;
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (!Target.exists(options.target())) {
            throw fault(SinkFault.CALLS_FATAL_RETRIABLE) ?
                DeliveryException.retriable(0, "There is no such target.", null) :
                DeliveryException.fatal(0, "There is no such target.", null);
        }
        try {
            check();
        } catch (final IOException ex) {
            if (fault(SinkFault.FORGETS_THE_FIRST_PART)) {
                uncommitted.clear();
            }
            if (fault(SinkFault.SWALLOWS_FAILURES)) {
                return;
            }
            throw fault(SinkFault.CALLS_AWAY_FATAL) ? DeliveryException.fatal(0, ex.getMessage(), ex) :
                DeliveryException.retriable(
                    fault(SinkFault.CLAIMS_MORE_THAN_IT_DELIVERED) ? 1 : 0, ex.getMessage(), ex);
        }
        if (options.transactions()) {
            deliverTransactions(batch);
        } else {
            deliverOneByOne(batch);
        }
    }

    private void check() throws IOException, InterruptedException {
        while (true) {
            try {
                target.check();
                return;
            } catch (final InterruptedException ex) {
                if (!fault(SinkFault.IGNORES_INTERRUPTS)) {
                    throw ex;
                }
            }
        }
    }

    private void deliverOneByOne(final EventBatch batch) throws DeliveryException {
        final List<Change> changes = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (fault(SinkFault.LOSES_THE_LAST_OF_A_BATCH) && i == batch.size() - 1 && i > 0) {
                continue;
            }
            final Change change;
            try {
                change = change(batch, i, i);
            } catch (final DeliveryException ex) {
                target.commit(changes, -1);
                throw ex;
            }
            if (change != null) {
                changes.add(change);
            }
        }
        if (fault(SinkFault.REVERSES_A_BATCH)
            || fault(SinkFault.MIXES_UP_LANES) && context.laneCount() > 1) {
            Collections.reverse(changes);
        }
        target.commit(changes, -1);
        lastCommitted = changes;
    }

    private void deliverTransactions(final EventBatch batch) throws DeliveryException {
        final List<Change> changes = new ArrayList<>();
        final long appliedSequence = appliedSequence();
        for (int i = 0; i < batch.size(); i++) {
            final boolean isNew = batch.event(i).sequence() > appliedSequence
                || fault(SinkFault.FORGETS_WHAT_IT_COMMITTED);
            final Change change = change(batch, i, 0);
            if (change != null && isNew) {
                changes.add(change);
            }
        }
        uncommitted.addAll(changes);
        if (!batch.endsInTransaction() || fault(SinkFault.COMMITS_EVERY_BATCH)) {
            ownSequence = batch.lastSequence();
            target.commit(uncommitted, ownSequence);
            uncommitted.clear();
        }
    }

    private long appliedSequence() {
        if (fault(SinkFault.FORGETS_ITS_POSITION_WHEN_MADE_ANEW)) {
            return ownSequence;
        }
        final boolean anew = ownSequence < 0 && target.committedSequence() >= 0;
        return target.committedSequence() + (anew && fault(SinkFault.LEAVES_OUT_TOO_MUCH_WHEN_MADE_ANEW) ? 1 : 0);
    }

    /** The change at an index; null when the event is none, which is left out. */
    private Change change(final EventBatch batch, final int index, final int deliveredCount)
        throws DeliveryException {
        final EventView event = batch.event(index);
        if (event.kind() != EventKind.ROW_CHANGE) {
            return null;
        }
        final DecodeError error = row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
        if (error != DecodeError.NONE) {
            if (fault(SinkFault.THROWS_AT_AN_UNREADABLE_PAYLOAD)) {
                throw new IllegalStateException("error=" + error);
            }
            throw DeliveryException.poison(deliveredCount, index, error.description(), null);
        }
        final long number = EventFixtures.numberOf(event);
        if (number < 0) {
            return null;
        }
        final String key = row.column(0).after().text();
        if (key.startsWith(POISON_KEY_PREFIX)) {
            if (fault(SinkFault.CALLS_POISON_RETRIABLE)) {
                throw DeliveryException.retriable(deliveredCount, "It is poison.", null);
            }
            final int named = fault(SinkFault.NAMES_THE_WRONG_POISON) ? Math.min(index + 1, batch.size() - 1) : index;
            throw DeliveryException.poison(deliveredCount, named, "It is poison.", null);
        }
        return new Change(key, number);
    }

    @Override
    public void idle() {
        if (fault(SinkFault.DELIVERS_AGAIN_WHEN_IDLE)) {
            target.commit(lastCommitted, -1);
        }
    }

    @Override
    public void close() {
        if (closed && fault(SinkFault.CANNOT_CLOSE_TWICE)) {
            throw new IllegalStateException("it is closed");
        }
        closed = true;
        if (fault(SinkFault.LEAVES_A_THREAD)) {
            final Thread left = new Thread(this::waitForEver, "reference-left");
            left.setDaemon(true);
            left.start();
        }
    }

    private synchronized void waitForEver() {
        try {
            while (true) {
                wait();
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
