package io.headrace.perf.link;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.client.ClientContext;
import io.headrace.client.ClientWait;
import io.headrace.client.HeadraceClient;
import io.headrace.client.RemotePublisher;
import io.headrace.client.link.LinkIdle;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.OtherProcess;
import org.agrona.CloseHelper;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The arms of S8 with a remote publisher: the service in the arm's JVM, with a direct handler, and the publisher in
 * another one, which runs the load.
 *
 * <p>Arguments of the publisher's JVM: {@code BARE}, {@code HEADRACE} or {@code THREADED}, {@code ipc} or {@code udp},
 * the port, the wait profile, the driver's folder, the load.
 */
public final class RemoteArm {
    private static final int EVENT_BYTES = 128;
    private static final byte[] TOPIC = "m".getBytes(StandardCharsets.UTF_8);
    private static final String BARE = "BARE";
    private static final String HEADRACE = "HEADRACE";
    private static final String THREADED = "THREADED";
    private static final String IPC = "ipc";
    private static final int FIXED_ARGUMENTS = 5;
    private static final long LOOK_NS = 1_000_000;
    private static final long CONNECT_TIMEOUT_NS = 20_000_000_000L;

    private final boolean ipc;
    private final int port;
    private final String waitProfile;
    private final Load load;

    private RemoteArm(final boolean ipc, final int port, final String waitProfile, final Load load) {
        this.ipc = ipc;
        this.port = port;
        this.waitProfile = waitProfile;
        this.load = load;
    }

    /**
     * Runs the publisher's side.
     *
     * @param args as described above.
     * @throws Exception when it fails.
     */
    public static void main(final String[] args) throws Exception {
        final RemoteArm arm = new RemoteArm(IPC.equals(args[1]), Integer.parseInt(args[2]), args[3],
            Load.of(List.of(args).subList(FIXED_ARGUMENTS, args.length)));
        if (BARE.equals(args[0])) {
            arm.publishBare(args[4]);
        } else {
            arm.publish(args[4], THREADED.equals(args[0]));
        }
        System.exit(0);
    }

    /** The main thread of an arm: runs the service's side. */
    static void measureBare(final ArmRun run, final boolean ipc) throws Exception {
        newArm(run, ipc).receiveBare().forEach(run::metric);
    }

    /** The main thread of an arm: runs the service's side. */
    static void measure(final ArmRun run, final boolean ipc, final boolean threaded) throws Exception {
        newArm(run, ipc).receive(threaded ? THREADED : HEADRACE).forEach(run::metric);
    }

    private static RemoteArm newArm(final ArmRun run, final boolean ipc) throws IOException {
        return new RemoteArm(ipc, Site.freePort(), run.settings().wait("eco"), Load.of(run.settings()));
    }

    private OtherProcess startPublisher(final String arm, final String driverFolder) throws IOException {
        final List<String> args = new ArrayList<>(
            List.of(arm, ipc ? IPC : "udp", Integer.toString(port), waitProfile, driverFolder));
        args.addAll(load.texts());
        return OtherProcess.start(RemoteArm.class, args);
    }

    private String channel() {
        return ipc ? "aeron:ipc" : "aeron:udp?endpoint=localhost:" + port;
    }

    private Map<String, Double> receiveBare() throws Exception {
        final Arrivals receiver = load.newArrivals();
        try (BareNode node = BareNode.withoutArchive(waitProfile);
            Subscription subscription = node.subscribe(channel());
            OtherProcess publisher = startPublisher(BARE, node.driverFolder())) {
            final FragmentAssembler handler = new FragmentAssembler((buffer, offset, length, header) ->
                receiver.onEvent(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES)));
            while (!receiver.isComplete()) {
                node.turn(subscription, handler);
                publisher.requireAlive();
            }
            return receiver.figures();
        }
    }

    private void publishBare(final String driverFolder) throws Exception {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[EVENT_BYTES]);
        final BareNode node = ipc ? BareNode.joined(driverFolder, waitProfile) : BareNode.withoutArchive(waitProfile);
        try (ExclusivePublication publication = node.publish(channel())) {
            while (!publication.isConnected()) {
                node.turn();
            }
            load.run((number, intendedNs) -> {
                message.putLong(0, number);
                message.putLong(Long.BYTES, intendedNs);
                while (publication.offer(message) < 0) {
                    node.doWork();
                }
                if (intendedNs != 0) {
                    node.doWork();
                }
            }, Load.restAfter(node::doWork));
            if (ipc) {
                OtherProcess.awaitEnd();
            }
            while (!ipc && publication.isConnected()) {
                node.turn();
            }
        } finally {
            CloseHelper.quietClose(node);
        }
    }

    private Map<String, Double> receive(final String publisherSide) throws Exception {
        final Arrivals receiver = load.newArrivals();
        final Path driverFolder = Site.driverFolder(port);
        try (HeadraceService service = Site.listening(driverFolder, port, waitProfile)) {
            service.bus().subscribe("handler", TopicSelector.of("m"), event ->
                receiver.onEvent(event.buffer().getLong(event.payloadOffset()), event.sourceTimeNs()));
            service.start();
            try (OtherProcess publisher = startPublisher(publisherSide, driverFolder.toString())) {
                while (!receiver.isComplete()) {
                    publisher.requireAlive();
                    LockSupport.parkNanos(LOOK_NS);
                }
                return receiver.figures();
            }
        } finally {
            Site.delete(driverFolder);
        }
    }

    /** The thread that sends drives the client, as it does the bare one, or leaves that to a thread of the client's. */
    private void publish(final String driverFolder, final boolean threaded) {
        final ClientContext context = new ClientContext().name("load").waiting(ClientWait.valueOf(
            waitProfile.toUpperCase(Locale.ROOT))).invoked(!threaded);
        if (ipc) {
            context.ipc(Path.of(driverFolder));
        } else {
            context.address("127.0.0.1:" + port);
        }
        try (HeadraceClient client = HeadraceClient.connect(context);
            RemotePublisher publisher = client.publisher("m")) {
            if (!publisher.awaitLive(CONNECT_TIMEOUT_NS)) {
                throw new IllegalStateException("the service does not answer: " + publisher.reason());
            }
            final IntSupplier turn = threaded ? () -> 0 : client::doWork;
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final EventWriter writer = new EventWriter();
            final int overhead = EventWriter.overheadLength(TOPIC.length, TOPIC.length, 0, 0, 0, 0);
            final UnsafeBuffer payload = new UnsafeBuffer(new byte[EVENT_BYTES - overhead]);
            load.run((number, intendedNs) -> {
                payload.putLong(0, number);
                final int length = writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).sourceTimeNs(intendedNs)
                    .topic(TOPIC).source(TOPIC).payload(payload, 0, payload.capacity()).length();
                long answer = publisher.offer(buffer, 0, length);
                while (answer == RemotePublisher.BACK_PRESSURED) {
                    if (turn.getAsInt() == 0) {
                        Thread.yield();
                    }
                    answer = publisher.offer(buffer, 0, length);
                }
                if (answer != 0) {
                    throw new IllegalStateException("the service does not take event " + number + ": " + answer);
                }
                if (intendedNs != 0) {
                    turn.getAsInt();
                }
            }, Load.restAfter(turn));
            // What is on its way is lost when this side ends: the other one ends this process.
            final BooleanSupplier ended = OtherProcess.end();
            final LinkIdle idle = new LinkIdle();
            while (!ended.getAsBoolean()) {
                idle.idle(turn.getAsInt());
            }
        }
    }
}
