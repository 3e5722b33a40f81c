package io.headrace.adapters.cli.eventlog;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.FlowOptions;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;

/**
 * Collects the events of one flow from a walk over the log, in batches as the flow has them: transactions stay whole
 * where its sink wants them whole, up to its bound. Owned by one thread.
 */
final class ReplayBatch {
    private static final int SMALLEST_EVENT_BYTES = 64;
    private static final int LARGEST_BATCH_BYTES = 1 << 30;

    private final LogWalk walk;
    private final TopicSelector topics;
    private final boolean wholeTransactions;
    private final int maxEvents;
    private final int maxBytes;
    private final int maxTransactionBytes;
    private final EventBatch batch;
    private final EventView view = new EventView();
    private final TransactionMarkView mark = new TransactionMarkView();
    private boolean pending;
    private boolean ended;
    private LogException failure;
    private int openTransactions;
    private int wholeCount;
    private long openSequence;
    private long nextSequence;

    ReplayBatch(final LogWalk walk, final SinkConfiguration<?> sink, final int maxEventBytes) {
        this.walk = walk;
        final FlowOptions flow = sink.flow();
        topics = TopicSelector.of(flow.topics());
        wholeTransactions = sink.capabilities().wholeTransactions();
        maxEvents = flow.batch().maxEvents();
        maxBytes = flow.batch().maxBytes().intBytes();
        maxTransactionBytes = flow.batch().maxTransactionBytes().intBytes();
        final long softLimitBytes = wholeTransactions ? maxTransactionBytes : maxBytes;
        final int hardLimitBytes = (int)Math.min(LARGEST_BATCH_BYTES, softLimitBytes + maxEventBytes + Long.BYTES);
        batch = new EventBatch(wholeTransactions ? hardLimitBytes / SMALLEST_EVENT_BYTES : maxEvents, hardLimitBytes);
    }

    /** Collects the next batch; false when there is no more. */
    boolean collect() {
        batch.clear();
        wholeCount = 0;
        while (!ended && (pending || advance())) {
            pending = !take();
            if (pending) {
                break;
            }
        }
        if (pending && batch.heldCount() == 0) {
            throw new IllegalStateException("event sequence=" + view.sequence() + " of " + view.length() +
                " bytes is larger than any batch may be");
        }
        leaveOpenTransaction();
        batch.endsInTransaction(openTransactions > 0);
        return batch.heldCount() > 0;
    }

    /** A transaction that does not fit begins the next batch; one without its commit before the end is not given. */
    private void leaveOpenTransaction() {
        if (openTransactions > 0 && (ended || wholeCount > 0)) {
            batch.truncate(wholeCount);
            nextSequence = openSequence;
            openTransactions = 0;
            if (!ended) {
                pending = false;
                walk.backTo(openSequence);
            }
        }
    }

    private boolean advance() {
        try {
            while (walk.next()) {
                if (walk.isEvent() && isOwn()) {
                    return true;
                }
                nextSequence = walk.reader().nextSequence();
            }
        } catch (final LogException e) {
            // What stands before it is given all the same.
            failure = e;
        }
        ended = true;
        return false;
    }

    /** Why the log could not be read to the end; null when it could. */
    LogException failure() {
        return failure;
    }

    private boolean isOwn() {
        if (view.wrap(walk.reader().buffer(), walk.reader().offset(), walk.reader().lengthBytes())
            != DecodeError.NONE) {
            return false;
        }
        return view.kind() == EventKind.TRANSACTION ? wholeTransactions :
            topics.matches(view.buffer(), view.topicOffset(), view.topicLength());
    }

    private boolean take() {
        final boolean full = openTransactions == 0 ?
            batch.heldCount() >= maxEvents || batch.usedBytes() >= maxBytes : batch.usedBytes() >= maxTransactionBytes;
        if (full || !batch.append(view.buffer(), view.offset(), view.length(), 0)) {
            return false;
        }
        if (view.kind() == EventKind.TRANSACTION
            && mark.wrap(view.buffer(), view.payloadOffset(), view.payloadLength()) == DecodeError.NONE) {
            onMark();
        }
        nextSequence = walk.reader().nextSequence();
        return true;
    }

    private void onMark() {
        if (mark.mark() == Mark.BEGIN && openTransactions == 0) {
            wholeCount = batch.heldCount() - 1;
            openSequence = view.sequence();
        }
        openTransactions = switch (mark.mark()) {
            case BEGIN -> openTransactions + 1;
            case COMMIT -> Math.max(0, openTransactions - 1);
            // The end of a snapshot is inside no transaction.
            default -> openTransactions;
        };
    }

    EventBatch batch() {
        return batch;
    }

    /** Where a further replay goes on after this batch. */
    long nextSequence() {
        return nextSequence;
    }
}
