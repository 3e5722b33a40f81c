package io.headrace.perf.link;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.OtherProcess;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The arms of S8 with a replica: the leader in the arm's JVM, which runs the load, and the replica in another one,
 * whose handler gets the events.
 *
 * <p>Arguments of the replica's JVM: {@code BARE} or {@code HEADRACE}, folder, port, wait profile, load.
 */
public final class FollowArm {
    private static final int MESSAGE_BYTES = EventSender.EVENT_BYTES + 32;
    /** Aeron's own generator: of the data that comes to the replica. */
    private static final String[] LOSS = {
        "-Daeron.ReceiveChannelEndpoint.supplier=io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier",
        "-Daeron.debug.receive.data.loss.rate=0.05",
        "-Daeron.debug.receive.data.loss.seed=42",
    };
    private static final int FIXED_ARGUMENTS = 4;
    private static final String BARE = "BARE";
    private static final String HEADRACE = "HEADRACE";
    private static final String LEADER = "leader";
    private static final String REPLICA = "replica";
    private static final long LOOK_NS = 1_000_000;

    private final boolean bare;
    private final Path folder;
    private final int port;
    private final String waitProfile;
    private final Load load;
    private final List<String> arguments;
    private boolean lossy;

    private FollowArm(final List<String> args) {
        bare = BARE.equals(args.get(0));
        folder = Path.of(args.get(1));
        port = Integer.parseInt(args.get(2));
        waitProfile = args.get(3);
        load = Load.of(args.subList(FIXED_ARGUMENTS, args.size()));
        arguments = args;
    }

    /**
     * Runs the replica's side.
     *
     * @param args as described above.
     * @throws Exception when it fails.
     */
    public static void main(final String[] args) throws Exception {
        final FollowArm arm = new FollowArm(List.of(args));
        if (arm.bare) {
            arm.followBare();
        } else {
            arm.follow();
        }
        System.exit(0);
    }

    /** The main thread of an arm: runs the leader's side. */
    static void measure(final ArmRun run, final boolean bare, final boolean lossy) throws Exception {
        final List<String> args = new ArrayList<>(List.of(
            bare ? BARE : HEADRACE, run.folder().toString(), Integer.toString(Site.freePort()),
            run.settings().wait("eco")));
        args.addAll(Load.of(run.settings()).texts());
        final FollowArm arm = new FollowArm(args);
        arm.lossy = lossy;
        try {
            (bare ? arm.leadBare() : arm.lead()).forEach(run::metric);
        } finally {
            Site.delete(run.folder().resolve(LEADER));
            Site.delete(run.folder().resolve(REPLICA));
        }
    }

    private OtherProcess startReplica() throws IOException {
        return OtherProcess.start(FollowArm.class, arguments, lossy ? LOSS : new String[0]);
    }

    private Map<String, Double> leadBare() throws Exception {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
        try (BareNode node = BareNode.withArchive(folder.resolve(LEADER), port, waitProfile)) {
            final ExclusivePublication publication = node.publishRecorded();
            // An empty recording cannot be copied: the first one counts for nothing.
            message.putLong(0, -1);
            offer(node, publication, message);
            try (OtherProcess replica = startReplica()) {
                replica.awaitReady(node::turn);
                load.run((number, intendedNs) -> {
                    message.putLong(0, number);
                    message.putLong(Long.BYTES, intendedNs);
                    offer(node, publication, message);
                    // Recorded and sent at once, as nobody else drives it; in a burst only when there is no room.
                    if (intendedNs != 0) {
                        node.doWork();
                    }
                }, Load.restAfter(node::doWork));
                return replica.awaitFigures(node::turn);
            }
        }
    }

    private static void offer(
        final BareNode node, final ExclusivePublication publication, final UnsafeBuffer message) {
        while (publication.offer(message) < 0) {
            node.doWork();
        }
    }

    private void followBare() throws Exception {
        final Arrivals receiver = load.newArrivals();
        try (BareNode node = BareNode.withArchive(folder.resolve(REPLICA), port + 1, waitProfile)) {
            final Subscription copy = node.followRecordingAt(port);
            final FragmentAssembler handler = new FragmentAssembler((buffer, offset, length, header) -> {
                if (buffer.getLong(offset) >= 0) {
                    receiver.onEvent(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES));
                } else {
                    OtherProcess.tellReady();
                }
            });
            while (!receiver.isComplete()) {
                node.turn(copy, handler);
            }
            OtherProcess.tell(receiver.figures());
        }
    }

    private Map<String, Double> lead() throws Exception {
        try (HeadraceService service = Site.leader(folder.resolve(LEADER), port, waitProfile)) {
            service.start();
            final EventSender sender = new EventSender(service.bus());
            try (OtherProcess replica = startReplica()) {
                replica.awaitReady(FollowArm::look);
                load.run((number, intendedNs) -> sender.send(number, intendedNs, 0), Load.rest());
                return replica.awaitFigures(FollowArm::look);
            }
        }
    }

    private void follow() throws Exception {
        final Arrivals receiver = load.newArrivals();
        try (HeadraceService service = Site.replica(folder.resolve(REPLICA), port, waitProfile)) {
            service.start();
            while (!"following".equals(service.status().replication().state())) {
                look();
            }
            service.bus().subscribe("handler", TopicSelector.of(EventSender.TOPIC), event ->
                receiver.onEvent(event.buffer().getLong(event.payloadOffset()), event.sourceTimeNs()));
            OtherProcess.tellReady();
            while (!receiver.isComplete()) {
                look();
            }
            OtherProcess.tell(receiver.figures());
        }
    }

    private static void look() {
        LockSupport.parkNanos(LOOK_NS);
    }
}
