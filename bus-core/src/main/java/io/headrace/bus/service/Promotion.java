package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LeaderLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a replica the leader. Used by one thread, which it keeps waiting.
 *
 * <p>The leader steps down first: it takes no more events, and says where its log ends. When the replica has recorded
 * up to there, nothing is lost. A leader that does not answer can only be left behind, when that is asked for.
 */
final class Promotion {
    private static final Logger LOG = LoggerFactory.getLogger(Promotion.class);
    private static final long LOOK_INTERVAL_NS = 1_000_000;
    private static final long FLOWS_TIMEOUT_S = 30;

    private final BusRun run;
    private final ReplicaFollower follower;
    private final LeaderLink link;
    private final Runnable linkClosed;
    private final Runnable followAgain;

    Promotion(
        final BusRun run, final ReplicaFollower follower, final LeaderLink link, final Runnable linkClosed,
        final Runnable followAgain) {
        this.run = run;
        this.follower = follower;
        this.link = link;
        this.linkClosed = linkClosed;
        this.followAgain = followAgain;
    }

    /** {@return what came of it, in a sentence} */
    String promote(final boolean force, final Duration timeout) throws InterruptedException {
        if (run == null || follower == null || link == null) {
            throw new IllegalStateException(run != null && run.bus().role() != BusRole.REPLICA
                ? "this service is no replica: it is " + run.bus().role().name().toLowerCase()
                : "this replica has found no leader yet, and has nothing that it could lead with");
        }
        final long deadlineNs = System.nanoTime() + timeout.toNanos();
        final boolean handedOver = stepLeaderDown(force, deadlineNs);
        final long missing = handedOver ? 0 : follower.lagSlots();
        final String formerLeader = follower.leaderText();
        link.close();
        linkClosed.run();
        boolean leads = false;
        try {
            if (handedOver) {
                requireSteppedDown();
                passTo(follower.steppedDownSequence(), deadlineNs);
            }
            final Bus bus = run.bus();
            final long epoch = Math.max(bus.epochs().epoch(), follower.leaderEpoch()) + 1;
            final long sequence = bus.lead(epoch, remaining(deadlineNs));
            leads = true;
            awaitFlows();
            run.startSources();
            final String outcome = "leads epoch " + epoch + " from sequence " + sequence + " on; "
                + (handedOver ? formerLeader + " has stepped down"
                    : "forced, " + missing + " sequences behind the last that was heard of " + formerLeader);
            LOG.warn("This service {}", outcome);
            return outcome;
        } finally {
            if (!leads) {
                followAgain.run();
            }
        }
    }

    /** A replica without its leader may have waited with them. */
    private void awaitFlows() throws InterruptedException {
        follower.leadInstead();
        try {
            follower.flowsAttached().get(FLOWS_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (final ExecutionException | TimeoutException ex) {
            LOG.error("The flows are not attached after {} s; the sources start all the same", FLOWS_TIMEOUT_S, ex);
        }
    }

    /** Answers false when the leader is left behind. */
    private boolean stepLeaderDown(final boolean force, final long deadlineNs) throws InterruptedException {
        if (!follower.leaderThere()) {
            if (force) {
                return false;
            }
            throw new IllegalStateException("the leader " + follower.leaderText() + " cannot be asked to step down ("
                + follower.awayReason() + "); when it was last heard of, this replica was " + follower.lagSlots()
                + " sequences behind. Make sure that it is dead, and force the promotion");
        }
        link.requestStepDown(Math.max(run.bus().epochs().epoch(), follower.leaderEpoch()) + 1);
        boolean steppedDown = false;
        try {
            steppedDown = awaitSteppedDown(deadlineNs);
        } finally {
            if (!steppedDown) {
                // Otherwise whichever leader the link finds next would be asked, and step down for nobody.
                link.withdrawStepDown();
            }
        }
        if (!steppedDown && !force) {
            throw new IllegalStateException("the leader " + follower.leaderText()
                + " did not step down in time; this replica is " + follower.lagSlots()
                + " sequences behind it. Look at the leader's log, and try again");
        }
        return steppedDown;
    }

    private boolean awaitSteppedDown(final long deadlineNs) throws InterruptedException {
        while (follower.steppedDownSequence() < 0) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** The link may have found another leader before it was closed. */
    private void requireSteppedDown() {
        if (follower.steppedDownSequence() < 0) {
            throw new IllegalStateException("the leader stepped down, and now " + follower.leaderText() + " leads");
        }
    }

    /** What the leader claimed and gave up at the end of its log has no place in the new epoch either. */
    private void passTo(final long sequence, final long deadlineNs) throws InterruptedException {
        while (!follower.passTo(sequence)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IllegalStateException("there was no room in the ring in time: look at the flows and the log");
            }
            pause();
        }
    }

    private static Duration remaining(final long deadlineNs) {
        return Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
    }

    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(LOOK_INTERVAL_NS);
    }
}
