package io.headrace.perf.link;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.log.LogStatus;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.IdleCpu;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.OtherProcess;
import io.headrace.perf.rig.Receiver;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The arms of S8 with a leader that has a history: a new replica reads it, in another JVM, beside the archive's replay
 * of such a recording to a bare reader; and what the leader's own flow, and a leader at rest, have of it.
 *
 * <p>Arguments of the other JVM: {@code BARE}, {@code CATCH_UP} or {@code FOLLOW}, folder, port, wait profile, how many
 * events there are.
 */
public final class CatchUpArm {
    private static final int MESSAGE_BYTES = EventSender.EVENT_BYTES + 32;
    private static final long FULL_HISTORY_BYTES = 1L << 30;
    private static final long QUICK_HISTORY_BYTES = 1L << 26;
    /** More than a replica takes up meanwhile, so that it has not caught up when the measurement of the flow ends. */
    private static final double LIVE_HISTORY_BYTES_PER_SECOND = 400e6;
    private static final double QUICK_PART_SECONDS = 1;
    private static final double WARM_UP_SECONDS = 2;
    private static final double MEASURED_SECONDS = 5;
    private static final int LIVE_RATE = 10_000;
    private static final double MAX_IDLE_PERCENT = 10;
    private static final double NS_PER_SECOND = 1e9;
    private static final long LOOK_NS = 1_000_000;
    private static final String LEADER = "leader";
    private static final String REPLICA = "replica";
    private static final String CAUGHT_UP = "caught up";

    private final Path folder;
    private final int port;
    private final String waitProfile;
    private final long eventCount;

    private enum Other { BARE, CATCH_UP, FOLLOW }

    private CatchUpArm(final Path folder, final int port, final String waitProfile, final long eventCount) {
        this.folder = folder;
        this.port = port;
        this.waitProfile = waitProfile;
        this.eventCount = eventCount;
    }

    /**
     * Runs the other side.
     *
     * @param args as described above.
     * @throws Exception when it fails.
     */
    public static void main(final String[] args) throws Exception {
        final CatchUpArm arm =
            new CatchUpArm(Path.of(args[1]), Integer.parseInt(args[2]), args[3], Long.parseLong(args[4]));
        switch (Other.valueOf(args[0])) {
            case BARE -> arm.readReplay();
            case CATCH_UP -> arm.catchUp();
            default -> arm.follow();
        }
        System.exit(0);
    }

    private interface Measurement {
        void run(CatchUpArm arm) throws Exception;
    }

    private static void measure(final ArmRun run, final long eventCount, final Measurement measurement)
        throws Exception {
        final CatchUpArm arm =
            new CatchUpArm(run.folder(), Site.freePort(), run.settings().wait("eco"), eventCount);
        try {
            measurement.run(arm);
        } finally {
            Site.delete(run.folder().resolve(LEADER));
            Site.delete(run.folder().resolve(REPLICA));
        }
    }

    private static long history(final ArmRun run) {
        return (run.settings().quick() ? QUICK_HISTORY_BYTES : FULL_HISTORY_BYTES) / MESSAGE_BYTES;
    }

    private static double warmUpSeconds(final ArmRun run) {
        return run.settings().seconds(QUICK_PART_SECONDS, WARM_UP_SECONDS);
    }

    private static double measuredSeconds(final ArmRun run) {
        return run.settings().seconds(QUICK_PART_SECONDS, MEASURED_SECONDS);
    }

    /** The archive replays a recording to another process. */
    static void bare(final ArmRun run) throws Exception {
        measure(run, history(run), arm -> arm.replay().forEach(run::metric));
    }

    /** A new replica follows. */
    static void headrace(final ArmRun run) throws Exception {
        measure(run, history(run), arm -> arm.lead().forEach(run::metric));
    }

    /** The leader's own flow, with a replica that catches up meanwhile, or without. */
    static void live(final ArmRun run, final boolean catchingUp) throws Exception {
        final double seconds = warmUpSeconds(run) + measuredSeconds(run);
        measure(run, (long)(LIVE_HISTORY_BYTES_PER_SECOND * seconds) / MESSAGE_BYTES,
            arm -> arm.runFlow(run, catchingUp));
    }

    /** A leader at rest, with a replica. */
    static void idle(final ArmRun run) throws Exception {
        measure(run, 1, arm -> {
            try (HeadraceService service = arm.leaderWithHistory();
                 OtherProcess replica = arm.start(Other.FOLLOW)) {
                replica.awaitReady(CatchUpArm::rest);
                IdleCpu.measure(run, MAX_IDLE_PERCENT);
                if (!service.status().healthy()) {
                    run.fail("the leader is not healthy: " + service.status());
                }
            }
        });
    }

    private OtherProcess start(final Other other) throws Exception {
        return OtherProcess.start(CatchUpArm.class, List.of(other.name(), folder.toString(), Integer.toString(port),
            waitProfile, Long.toString(eventCount)));
    }

    private Map<String, Double> replay() throws Exception {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
        try (BareNode node = BareNode.withArchive(folder.resolve(LEADER), port, waitProfile)) {
            final ExclusivePublication publication = node.publishRecorded();
            for (long number = 0; number < eventCount; number++) {
                message.putLong(0, number);
                while (publication.offer(message) < 0) {
                    node.doWork();
                }
            }
            node.awaitRecorded(publication.position());
            try (OtherProcess reader = start(Other.BARE)) {
                return reader.awaitFigures(node::turn);
            }
        }
    }

    private void readReplay() throws Exception {
        final Arrivals arrivals = new Load(1, 0, 0, eventCount).newArrivals();
        final BareNode node = BareNode.withoutArchive(waitProfile);
        try (Subscription replay = node.replayOf(port, port + 1)) {
            final FragmentAssembler handler = new FragmentAssembler((buffer, offset, length, header) ->
                arrivals.onEvent(buffer.getLong(offset), 0));
            while (!arrivals.isComplete()) {
                node.turn(replay, handler);
            }
            OtherProcess.tell(Map.of(CAUGHT_UP, arrivals.figures().get(Arrivals.BURST)));
        } finally {
            CloseHelper.quietClose(node);
        }
    }

    private HeadraceService leaderWithHistory() throws Exception {
        final HeadraceService service = Site.leader(folder.resolve(LEADER), port, waitProfile);
        service.start();
        final EventSender sender = new EventSender(service.bus());
        for (long number = 0; number < eventCount; number++) {
            sender.send(number, 0, 0);
        }
        while (service.bus().finishedSequence() < service.bus().claimedSequence()) {
            rest();
        }
        return service;
    }

    private Map<String, Double> lead() throws Exception {
        try (HeadraceService service = leaderWithHistory(); OtherProcess replica = start(Other.CATCH_UP)) {
            final Map<String, Double> figures = replica.awaitFigures(CatchUpArm::rest);
            if (!service.status().healthy()) {
                throw new IllegalStateException("the leader is not healthy: " + service.status());
            }
            return figures;
        }
    }

    /** From the first event that is recorded to the last. */
    private void catchUp() throws Exception {
        try (HeadraceService service = Site.replica(folder.resolve(REPLICA), port, waitProfile)) {
            service.start();
            while (recordedSequence(service) < 0) {
                rest();
            }
            OtherProcess.tellReady();
            final long beganNs = System.nanoTime();
            final long before = recordedSequence(service) + 1;
            while (recordedSequence(service) < eventCount - 1) {
                rest();
            }
            final double seconds = (System.nanoTime() - beganNs) / NS_PER_SECOND;
            final long received = service.bus().counters().counter("replica.received-events").get();
            if (received < eventCount) {
                throw new IllegalStateException("received=" + received + " of " + eventCount + " events");
            }
            OtherProcess.tell(Map.of(CAUGHT_UP, (eventCount - before) / seconds / 1e6));
        }
    }

    private void follow() throws Exception {
        try (HeadraceService service = Site.replica(folder.resolve(REPLICA), port, waitProfile)) {
            service.start();
            while (!"following".equals(service.status().replication().state())) {
                rest();
            }
            OtherProcess.tellReady();
            OtherProcess.awaitEnd();
        }
    }

    private static long recordedSequence(final HeadraceService service) {
        return service.status().log().map(LogStatus::recordedSequence).orElse(-1L);
    }

    private void runFlow(final ArmRun run, final boolean catchingUp) throws Exception {
        try (HeadraceService service = leaderWithHistory()) {
            final OtherProcess replica = catchingUp ? start(Other.CATCH_UP) : null;
            try {
                if (catchingUp) {
                    replica.awaitReady(CatchUpArm::rest);
                }
                OpenLoop.measure(run, (receivers, payloadBytes, profile) -> new Flow(service, receivers.get(0)), 1,
                    run.settings().rate(LIVE_RATE), warmUpSeconds(run), measuredSeconds(run), 0);
                if (catchingUp && lag(service) <= 0) {
                    run.fail("the replica had caught up before the measurement ended");
                }
            } finally {
                if (replica != null) {
                    replica.awaitFigures(CatchUpArm::rest);
                    replica.close();
                }
            }
        }
    }

    /** How far the replica is behind; not more than 0 when it has caught up, or has gone since. */
    private static long lag(final HeadraceService service) {
        return service.status().replication().links().stream()
            .filter(link -> REPLICA.equals(link.kind()))
            .mapToLong(LinkStatus::lag).max().orElse(-1);
    }

    /** The sending thread, and that of a direct subscription. */
    private static final class Flow implements EventPath {
        private final EventSender sender;

        Flow(final HeadraceService service, final Receiver receiver) {
            service.bus().subscribe("handler", TopicSelector.of(EventSender.TOPIC),
                EventSender.handler(receiver));
            sender = new EventSender(service.bus());
        }

        @Override
        public void send(final long number, final long intendedNs, final long sentNs) {
            sender.send(number, intendedNs, sentNs);
        }

        @Override
        public void close() {
            // The bus is the service's.
        }
    }

    private static void rest() {
        LockSupport.parkNanos(LOOK_NS);
    }
}
