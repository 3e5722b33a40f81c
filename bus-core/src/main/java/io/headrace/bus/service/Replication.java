package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.link.LinkProvider;
import io.headrace.bus.link.LinkServer;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.LogCut;
import io.headrace.bus.service.config.BusOptions;
import io.headrace.bus.service.config.FollowOptions;
import io.headrace.bus.service.config.ServiceConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The service's part among the processes that share its bus: leads or follows, lets others link, and changes from one
 * to the other. What takes its time is done by the role thread; what it tells is for any thread.
 *
 * <pre>
 *                    empty log                                          promote
 *   WAITING for a leader ─────▶ opens its log ──▶ FOLLOWING ───────────────────────────▶ LEADING
 *                                    ▲              │  ▲                                    │ step down, or
 *                                    └── CUTTING ◀──┘  └── away and back                    │ a higher epoch
 *                                 the leader's log has not what its own has                 ▼
 *                                                                                        FENCED
 * </pre>
 */
final class Replication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);
    /** For each of them: a peer that does not answer is given up after two seconds, and only then the next is asked. */
    private static final long PEER_TIMEOUT_MS = 2_500;
    private static final long FIRST_ANSWER_TIMEOUT_MS = 5_000;
    private static final long ADOPT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PROGRESS_INTERVAL_MS = 10_000;
    private static final long END_TIMEOUT_S = 60;
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ServiceConfiguration configuration;
    private final BusOptions options;
    private final BusOpener opener;
    private final Supplier<LinkProvider> links;
    private final ExecutorService roleThread = Executors.newSingleThreadExecutor(work -> {
        final Thread thread = new Thread(work, "headrace-role");
        thread.setDaemon(true);
        return thread;
    });
    private volatile BusRun run;
    private volatile ServiceLinkHost host;
    private volatile LinkServer server;
    private volatile ReplicaFollower follower;
    private volatile LeaderLink link;
    private volatile boolean cutting;
    private volatile String waitingReason = "it was not asked yet";
    private volatile String failure;
    private volatile AskingFollower asking;
    private volatile boolean ending;
    private long cutCount;
    private long cutEventCount;

    Replication(
        final ServiceConfiguration configuration, final BusOpener opener, final Supplier<LinkProvider> links) {
        this.configuration = configuration;
        this.options = configuration.bus();
        this.opener = opener;
        this.links = links;
    }

    /**
     * Opens the bus, as far as that is possible without a leader. Waits for no replica's leader.
     *
     * @throws IllegalStateException                when another service leads this bus.
     * @throws io.headrace.bus.log.LogException when the event log cannot be opened.
     */
    void open() {
        if (options.follow().isPresent()) {
            if (!opener.isLogEmpty()) {
                open(opener.replica());
            }
        } else if (options.listen().isPresent() && !options.listen().get().peers().isEmpty()
            && options.log().isPresent()) {
            open(opener.replica());
            leadUnlessAPeerDoes();
        } else {
            open(opener.leader());
        }
    }

    private void open(final Bus bus) {
        run = new BusRun(configuration, bus);
        host = new ServiceLinkHost(configuration, run, this::submit);
        bus.counters().counter("replica.cuts").set(cutCount);
        bus.counters().counter("replica.cut-events").set(cutEventCount);
    }

    private void leadUnlessAPeerDoes() {
        final Bus bus = run.bus();
        final List<InetSocketAddress> peers = options.listen().get().peerAddresses();
        boolean leads = false;
        try {
            final AskingFollower question = new AskingFollower(
                bus.epochs(), bus.recordedSequence() + 1, bus.context().slotBytes());
            final LeaderLink asked = links.get().follow(
                linkContext(peers, options.listen().get().secret()), question);
            try {
                refuseToLead(question.answer().get(PEER_TIMEOUT_MS * peers.size(), TimeUnit.MILLISECONDS));
            } catch (final TimeoutException ex) {
                LOG.info("No peer leads: {}", question.reason());
            } catch (final ExecutionException ex) {
                throw new IllegalStateException("a peer refuses: " + ex.getCause().getMessage(), ex);
            } finally {
                asked.close();
            }
            final long sequence = bus.lead(bus.epochs().epoch() + 1, configuration.service().shutdownTimeout());
            LOG.info("Leads epoch {} from sequence {} on", bus.epochs().epoch(), sequence);
            leads = true;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the peers were asked", ex);
        } finally {
            if (!leads) {
                run.close();
                roleThread.shutdownNow();
            }
        }
    }

    private void refuseToLead(final LeaderAnswer peer) {
        final long nextSequence = run.bus().recordedSequence() + 1;
        final String own = peer.cutSequence() < 0 || peer.cutSequence() >= nextSequence
            ? "it has all events of this one"
            : "events with the sequences " + peer.cutSequence() + " to " + (nextSequence - 1)
                + " are only here, and are cut when this service follows it";
        throw new IllegalStateException(peer.leader() + " leads epoch " + peer.epochs().epoch() + " of this bus; " + own
            + ". Give this service bus.follow with the leader " + peer.leader());
    }

    private LeaderLinkContext linkContext(final List<InetSocketAddress> leaders, final Optional<Secret> secret) {
        return new LeaderLinkContext(
            configuration.service().name(), leaders, secret.map(Secret::value), options.waitProfile(),
            options.busContext().agents());
    }

    /** {@return the bus with what is attached to it; null while a replica with an empty log waits for its leader} */
    BusRun run() {
        return run;
    }

    /**
     * Attaches flows and sources where the service leads; otherwise begins to follow, on the role thread.
     *
     * @throws RuntimeException when an adapter refuses its options, or nobody can link.
     */
    void start() {
        if (options.follow().isPresent()) {
            submit(this::followGuarded);
        } else {
            run.startFlows();
            listen();
            run.startSources();
        }
    }

    private void submit(final Runnable task) {
        try {
            roleThread.execute(task);
        } catch (final RejectedExecutionException ex) {
            LOG.debug("The service stops: its role changes no more", ex);
        }
    }

    private void listen() {
        options.listen().ifPresent(listen -> {
            server = links.get().serve(
                listen.serverContext(options.waitProfile(), options.busContext().agents()), host);
            LOG.info("Listens for links at {}", server.address());
        });
    }

    private void followGuarded() {
        followGuarded(FIRST_ANSWER_TIMEOUT_MS);
    }

    private void followGuarded(final long patienceMs) {
        try {
            follow(patienceMs);
        } catch (final InterruptedException | CancellationException ex) {
            LOG.debug("The service stops: it follows no more", ex);
        } catch (final RuntimeException ex) {
            LOG.error("The service cannot follow its leader", ex);
            failure = "It cannot follow its leader: " + ex.getMessage();
        }
    }

    private void follow(final long patienceMs) throws InterruptedException {
        if (run == null) {
            awaitLeaderOfEmptyLog();
        }
        final ReplicaFollower following = new ReplicaFollower(run.bus(), this::cutNeeded);
        follower = following;
        final FollowOptions follow = options.follow().orElseThrow();
        link = links.get().follow(linkContext(follow.leaderAddresses(), follow.secret()), following);
        try {
            requireNotEnding();
            following.firstAnswer().get(patienceMs, TimeUnit.MILLISECONDS);
            final long deadlineNs = System.nanoTime() + ADOPT_TIMEOUT_NS;
            while (!following.adoptedEpochs() && System.nanoTime() - deadlineNs < 0) {
                pause();
            }
        } catch (final TimeoutException ex) {
            LOG.warn("Starts without its leader: {}", following.awayReason());
        } catch (final ExecutionException ex) {
            if (cutting) {
                return;
            }
            throw new IllegalStateException(ex.getCause().getMessage(), ex);
        }
        if (run.flows().isEmpty()) {
            run.startFlows();
        }
        following.takeEvents();
        if (server == null) {
            listen();
        }
    }

    private void requireNotEnding() {
        if (ending) {
            throw new CancellationException("the service stops");
        }
    }

    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(LOOK_INTERVAL_NS);
    }

    private void awaitLeaderOfEmptyLog() throws InterruptedException {
        final FollowOptions follow = options.follow().orElseThrow();
        asking = new AskingFollower(EpochHistory.of(0), 0, options.slotBytes());
        LeaderAnswer answer = null;
        final LeaderLink asked =
            links.get().follow(linkContext(follow.leaderAddresses(), follow.secret()), asking);
        try {
            while (answer == null) {
                requireNotEnding();
                try {
                    answer = asking.answer().get(PROGRESS_INTERVAL_MS, TimeUnit.MILLISECONDS);
                } catch (final TimeoutException ex) {
                    waitingReason = asking.reason();
                    LOG.info("Waits for a leader at {}: {}", follow.leaders(), waitingReason);
                } catch (final ExecutionException ex) {
                    throw new IllegalStateException(ex.getCause().getMessage(), ex);
                }
            }
        } finally {
            asked.close();
        }
        if (answer.fromSequence() > 0) {
            LOG.warn("The leader {} has no events before sequence {} any more: what it knows of sources that published"
                + " only before is not in this copy", answer.leader(), answer.fromSequence());
        }
        open(opener.replicaOf(answer));
    }

    /** Called by the link thread, which then ends. */
    private void cutNeeded(final LeaderAnswer answer) {
        cutting = true;
        follower.firstAnswer().completeExceptionally(new IllegalStateException("the event log is to be cut"));
        submit(() -> {
            try {
                cut(answer);
            } catch (final RuntimeException ex) {
                LOG.error("The event log could not be cut from sequence {} on", answer.cutSequence(), ex);
                failure = "Its log has what its leader's has not, and could not be cut: " + ex.getMessage();
            } finally {
                cutting = false;
            }
            if (failure == null) {
                // What sinks keep may be of an epoch that is in the log only when the leader has told of it.
                submit(() -> followGuarded(TimeUnit.DAYS.toMillis(1)));
            }
        });
    }

    private void cut(final LeaderAnswer answer) {
        closeLinks();
        run.close();
        final LogCut cut = opener.cut(answer.cutSequence());
        cutCount++;
        cutEventCount += cut.eventCount();
        LOG.warn("The leader {} has not what this log has from sequence {} on: {} events were cut{}", answer.leader(),
            answer.cutSequence(), cut.eventCount(), cut.eventCount() == 0 ? ""
                : ", with the sequences " + cut.firstSequence() + " to " + cut.lastSequence());
        if (opener.isLogEmpty()) {
            run = null;
        } else {
            open(opener.replica());
        }
    }

    private void closeLinks() {
        final LinkServer listening = server;
        if (listening != null) {
            server = null;
            listening.close();
        }
        final LeaderLink following = link;
        if (following != null) {
            link = null;
            following.close();
        }
    }

    /** {@return what the promotion needs to know and do} */
    Promotion promotion() {
        return new Promotion(run, follower, link, () -> link = null, () -> submit(this::followGuarded));
    }

    /** {@return how the service stands to the others} */
    ReplicationStatus status() {
        final BusRun current = run;
        final ReplicaFollower following = follower;
        final LinkServer listening = server;
        final BusRole role = current == null ? BusRole.REPLICA : current.bus().role();
        final boolean follows = role == BusRole.REPLICA && following != null && current != null;
        final String reason = reason(role, current, following);
        return new ReplicationStatus(
            role,
            state(role, current, following),
            health(role, reason, following),
            reason,
            follows ? Optional.ofNullable(following.leader()) : Optional.empty(),
            follows ? following.leaderSequence() : -1,
            follows ? following.lagSlots() : 0,
            listening == null ? Optional.empty() : Optional.of(listening.address()),
            listening == null ? List.of() : listening.links());
    }

    private String state(final BusRole role, final BusRun current, final ReplicaFollower following) {
        if (cutting) {
            return "cutting";
        }
        if (run == null && failure != null) {
            return "failed";
        }
        return switch (role) {
            case LEADER -> "leading";
            case FENCED -> "fenced";
            case REPLICA -> current == null || link == null ? "waiting for a leader" : following.state();
        };
    }

    private String reason(final BusRole role, final BusRun current, final ReplicaFollower following) {
        if (failure != null) {
            return failure;
        }
        return switch (role) {
            case LEADER -> "";
            case FENCED -> host.fencedReason();
            case REPLICA -> current == null || link == null ? waitingReason
                : following.awayReason();
        };
    }

    private Health.State health(final BusRole role, final String reason, final ReplicaFollower following) {
        if (failure != null || role == BusRole.REPLICA && following != null && following.refusal() != null) {
            return Health.State.FAILED;
        }
        return role == BusRole.FENCED ? Health.State.DOWN : reason.isEmpty() ? Health.State.UP : Health.State.DEGRADED;
    }

    /** Changes nothing any more: a change on its way is finished, or given up where it waits for a leader. */
    void end() {
        ending = true;
        roleThread.shutdown();
        final AskingFollower asked = asking;
        if (asked != null) {
            asked.answer().cancel(false);
        }
        final ReplicaFollower following = follower;
        if (following != null) {
            following.firstAnswer().cancel(false);
        }
        try {
            if (!roleThread.awaitTermination(END_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.error("A change of the service's role did not end within {} s", END_TIMEOUT_S);
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the links. The bus is left to whoever closes the service. */
    @Override
    public void close() {
        closeLinks();
    }
}
