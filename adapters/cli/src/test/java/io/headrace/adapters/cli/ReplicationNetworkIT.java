package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CncFileDescriptor;
import io.aeron.driver.status.SystemCounterDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A leader and three replicas, each replica at a host of its own (a network namespace that the test makes), over links
 * that lose 5 of 100 packets and are cut and mended. Whatever happens, each replica's flow has written the same events
 * under the same sequences as the leader's, each once.
 */
@Timeout(900)
class ReplicationNetworkIT {
    private static final int REPLICAS = 3;
    private static final int HEALTHY = 0;
    private static final int SLOW = 1;
    private static final int DEAD = 2;
    private static final double LOSS_RATE = 0.05;
    private static final String SECRET = "in this test only";

    @TempDir
    private Path folder;
    private TestNetwork network;
    private TestBroker broker;
    private ReplicaSite leader;
    private final List<ReplicaSite> replicas = new ArrayList<>();
    private int sentCount;
    private int cutCount;
    private int killCount;
    private int stopCount;
    private long nakCount;
    private long retransmitCount;

    @BeforeEach
    void start() throws Exception {
        network = new TestNetwork(REPLICAS);
        broker = new TestBroker(folder.resolve("broker"));
        final int port = freeUdpPort();
        final String address = network.leaderAddress() + ":" + port;
        leader = new ReplicaSite(folder.resolve("leader"), List.of(), lossOptions(REPLICAS), "127.0.0.1", "");
        leader.configure("  listen: {address: \"" + address + "\", secret: \"" + SECRET + "\", driver-path: \""
            + linkDriver() + "\"}\n", sources());
        leader.start();
        for (int i = 0; i < REPLICAS; i++) {
            final ReplicaSite replica = new ReplicaSite(folder.resolve("replica-" + i), network.at(i), lossOptions(i),
                network.controlAddress(i),
                // Each event by itself, and forced to the disk: it falls behind whenever there is much to write.
                i == SLOW ? "batch: {max-events: 1}" : "");
            replica.configure("  follow: {leaders: [\"" + address + "\"], secret: \"" + SECRET + "\"}\n", sources());
            replica.start();
            replicas.add(replica);
        }
    }

    @AfterEach
    void stop() {
        replicas.forEach(ReplicaSite::close);
        if (leader != null) {
            leader.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Path linkDriver() {
        return folder.resolve("leader-link");
    }

    private static List<String> lossOptions(final int seed) {
        return List.of(
            "-Daeron.ReceiveChannelEndpoint.supplier=io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier",
            "-Daeron.debug.receive.data.loss.rate=" + LOSS_RATE, "-Daeron.debug.receive.data.loss.seed=" + (seed + 1));
    }

    private String sources() {
        return """
            machines:
              type: mqtt
              options:
                broker: {host: 127.0.0.1, port: %d, client-id: machines}
                message-id-property: id
                subscriptions:
                  - {filter: "hall/#"}
            """.formatted(broker.port());
    }

    private void send(final int count) {
        for (int i = 0; i < count; i++) {
            final String text = "reading " + sentCount++;
            broker.publish("hall/press/temperature", text, text);
        }
    }

    private void awaitWritten(final ReplicaSite site) {
        await().atMost(HeadraceProcess.PATIENCE).until(() -> site.writtenCount() >= sentCount);
    }

    private void awaitAll() {
        awaitWritten(leader);
        replicas.forEach(this::awaitWritten);
    }

    private void awaitState(final ReplicaSite replica, final String state) {
        await().atMost(HeadraceProcess.PATIENCE).until(() -> replica.replicaState().startsWith(state));
    }

    private void awaitLeader() {
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> leader.status().get("sources").path(0).path("health").asText().equals("up"));
    }

    private void killLeader() throws Exception {
        noteLosses();
        leader.kill();
        killCount++;
        leader.start();
        awaitLeader();
    }

    private void killReplica(final int index) throws Exception {
        replicas.get(index).kill();
        killCount++;
    }

    /** What its driver's counters say of packets that replicas have missed and asked for, before they are gone. */
    private void noteLosses() throws IOException {
        final Path file = linkDriver().resolve("driver").resolve(CncFileDescriptor.CNC_FILE);
        if (!Files.exists(file)) {
            return;
        }
        final MappedByteBuffer mapped = IoUtil.mapExistingFile(file.toFile(), "counters");
        try {
            final DirectBuffer metadata = CncFileDescriptor.createMetaDataBuffer(mapped);
            final CountersReader counters = new CountersReader(
                CncFileDescriptor.createCountersMetaDataBuffer(mapped, metadata),
                CncFileDescriptor.createCountersValuesBuffer(mapped, metadata));
            nakCount += counters.getCounterValue(SystemCounterDescriptor.NAK_MESSAGES_RECEIVED.id());
            retransmitCount += counters.getCounterValue(SystemCounterDescriptor.RETRANSMITS_SENT.id());
        } finally {
            IoUtil.unmap(mapped);
        }
    }

    @Test
    void shouldBringTheSameEventsToEachReplicaWhateverTheNetworkDoes() throws Exception {
        awaitLeader();
        send(500);
        awaitAll();
        for (final ReplicaSite replica : replicas) {
            awaitState(replica, "following");
        }
        oneIsStuckAndOneIsDead();
        linksAreCutAndMended();
        processesAreKilled();
        send(500);
        awaitAll();
        noteLosses();
        for (final ReplicaSite replica : replicas) {
            assertEquals(ExitCode.OK, replica.stop(), replica.process().err());
        }
        assertEquals(ExitCode.OK, leader.stop(), leader.process().err());
        compare();
        assertTrue(retransmitCount > 0, "nothing was lost");
        System.out.println("Replication over a network: " + sentCount + " events at the leader and at " + REPLICAS
            + " replicas, each once, over " + cutCount + " partitions, " + killCount + " kills, " + stopCount
            + " standstills of a replica, and " + retransmitCount + " packets lost and sent again (" + nakCount
            + " requests; " + LOSS_RATE * 100 + " % loss).");
    }

    /** Neither the leader nor the other replica notices. */
    private void oneIsStuckAndOneIsDead() throws Exception {
        final long waitsBefore = leader.status().get("sources").get(0).get("backPressured").asLong();
        replicas.get(SLOW).process().signal("STOP");
        stopCount++;
        killReplica(DEAD);
        send(3000);
        awaitWritten(leader);
        awaitWritten(replicas.get(HEALTHY));
        assertEquals("following", replicas.get(HEALTHY).replicaState());
        assertEquals(waitsBefore, leader.status().get("sources").get(0).get("backPressured").asLong());
        assertTrue(replicas.get(SLOW).writtenCount() < sentCount, "it was not stuck");
        assertTrue(replicas.get(DEAD).writtenCount() < sentCount, "it was not dead");
        replicas.get(SLOW).process().signal("CONT");
        replicas.get(DEAD).start();
        awaitAll();
    }

    /** At the bridge and in the host; shortly, and until both sides have given each other up. */
    private void linksAreCutAndMended() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < REPLICAS; i++) {
                network.cut(i);
                cutCount++;
                send(100);
                network.mend(i);
            }
        }
        network.cut(HEALTHY);
        network.switchOff(SLOW);
        cutCount += 2;
        send(500);
        awaitState(replicas.get(HEALTHY), "leader away");
        awaitState(replicas.get(SLOW), "leader away");
        awaitWritten(leader);
        awaitWritten(replicas.get(DEAD));
        assertTrue(replicas.get(HEALTHY).writtenCount() < sentCount, "its link was not cut");
        network.mend(HEALTHY);
        network.mend(SLOW);
        awaitAll();
    }

    private void processesAreKilled() throws Exception {
        for (int round = 0; round < 3; round++) {
            send(100);
            killLeader();
            send(100);
            killReplica(round);
            send(100);
            replicas.get(round).start();
        }
        // Behind a cut, and the leader has begun another epoch meanwhile.
        network.cut(HEALTHY);
        cutCount++;
        send(100);
        killLeader();
        send(100);
        network.mend(HEALTHY);
        awaitAll();
    }

    private void compare() {
        final List<String> atLeader = leader.written();
        assertEquals(sentCount, atLeader.size());
        assertEquals(sentCount, new HashSet<>(atLeader.stream().map(event -> event.substring(event.indexOf(' ')))
            .toList()).size(), "a reading is there twice");
        for (final ReplicaSite replica : replicas) {
            final List<String> atReplica = replica.written();
            for (int i = 0; i < Math.min(atLeader.size(), atReplica.size()); i++) {
                assertEquals(atLeader.get(i), atReplica.get(i), "event " + i);
            }
            assertEquals(atLeader.size(), atReplica.size());
        }
    }
}
