package io.headrace.bus.log;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Tells the log now and then what nobody needs any more. Owned by the log thread. */
final class RetentionProxy {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long NOTHING = -1;

    private final EventLog log;
    private final LogState state;
    private final List<? extends DurablePosition> subscriptions;
    private long nextLookNs;
    /** What the retention must leave, and the log position that must be recorded before it may begin. */
    private long neededSequence;
    private long neededPosition;
    private long retainWhenRecorded = NOTHING;

    /** The first look is not before the subscriptions had the time to come. */
    RetentionProxy(
        final EventLog log, final LogState state, final List<? extends DurablePosition> subscriptions,
        final long nowNs) {
        this.log = log;
        this.state = state;
        this.subscriptions = subscriptions;
        nextLookNs = nowNs + INTERVAL_NS;
    }

    /** What may go is decided by what is appended, and goes when that is recorded: a crash would forget it. */
    void retain(
        final long nowNs, final long epochNs, final long recordedSequence, final long checkpointPosition,
        final BooleanSupplier stateIsAhead) {
        if (retainWhenRecorded >= 0 && log.recordedPosition() >= retainWhenRecorded) {
            retainWhenRecorded = NOTHING;
            // Those that came meanwhile need it too.
            subscriptions.forEach(subscription -> needFrom(subscription.finishedSequences()));
            log.retain(neededSequence, neededPosition, epochNs);
        } else if (retainWhenRecorded < 0 && nowNs - nextLookNs >= 0 && !stateIsAhead.getAsBoolean()) {
            nextLookNs = nowNs + INTERVAL_NS;
            neededSequence = recordedSequence + 1;
            for (final String name : state.subscriptionNames()) {
                needFrom(state.position(name).orElseThrow());
            }
            neededPosition = Math.min(checkpointPosition, state.parked().lowestLogPosition());
            retainWhenRecorded = log.appendedPosition();
        }
    }

    private void needFrom(final long[] finished) {
        for (final long finishedSequence : finished) {
            neededSequence = Math.min(neededSequence, finishedSequence + 1);
        }
    }

    /** The storage lost what it had not recorded: what was decided by it is void. */
    void lost() {
        retainWhenRecorded = NOTHING;
    }
}
