package io.headrace.adapters.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Where one service of the demonstration has its files, its driver and its targets, and whom it is linked to.
 * Immutable.
 *
 * @param name         for people: of the leader, or of a replica.
 * @param role         of its bus.
 * @param folder       of its configuration, its log and what its flows write.
 * @param driverFolder of its media drivers.
 * @param planning     database that its flows write to.
 * @param replanTopic  of the broker, below which it sends what is to be planned again.
 * @param link         address of the leader and the secret; meaningless for {@link Role#ALONE}.
 */
record DemoPlace(
    String name, Role role, Path folder, Path driverFolder, PostgresServer planning, String replanTopic, Link link) {
    static final String REPLAN_TOPIC = "planning/replan";
    private static final String SECRET_FILE = "link-secret";
    private static final int SECRET_BYTES = 24;

    /** What a service is to the others. */
    enum Role {
        /** There are no others. */
        ALONE,
        /** Replicas follow it. */
        LEADER,
        /** It follows the leader. */
        REPLICA
    }

    /**
     * How replicas reach the leader.
     *
     * @param port       of the leader, on loopback.
     * @param secretFile that all of them read.
     */
    record Link(int port, Path secretFile) {
        static final Link NONE = new Link(0, Path.of(""));

        /** A free port and a secret that was drawn for this run. */
        static Link make(final Path folder) throws IOException {
            final byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            final Path secretFile = folder.resolve(SECRET_FILE);
            Files.writeString(secretFile, HexFormat.of().formatHex(secret) + "\n");
            return new Link(freePort(), secretFile);
        }

        /** One that stays the same over the leader's lives; taken by another program meanwhile, it cannot listen. */
        private static int freePort() throws IOException {
            try (DatagramSocket socket = new DatagramSocket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                return socket.getLocalPort();
            }
        }
    }

    /** The places of a demonstration: that of the leader, or of the only service, and then those of the replicas. */
    static List<DemoPlace> all(final Path folder, final Path driverFolder, final DemoServers servers)
        throws IOException {
        final List<PostgresServer> replicaPlannings = servers.replicaPlannings();
        final boolean alone = replicaPlannings.isEmpty();
        final Link link = alone ? Link.NONE : Link.make(folder);
        final List<DemoPlace> places = new ArrayList<>();
        places.add(new DemoPlace(alone ? "the service" : "the leader", alone ? Role.ALONE : Role.LEADER, folder,
            driverFolder, servers.planning(), REPLAN_TOPIC, link));
        for (int i = 1; i <= replicaPlannings.size(); i++) {
            final String name = "replica-" + i;
            places.add(new DemoPlace(name, Role.REPLICA, Files.createDirectories(folder.resolve(name)),
                driverFolder.resolve(name), replicaPlannings.get(i - 1), name + "/replan", link));
        }
        return places;
    }
}
