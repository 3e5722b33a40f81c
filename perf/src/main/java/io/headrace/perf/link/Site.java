package io.headrace.perf.link;

import io.headrace.bus.service.HeadraceService;
import io.headrace.perf.rig.ConfiguredService;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Services as the link measurements need them: a leader, and a replica of it. */
final class Site {
    private Site() {
    }

    static HeadraceService leader(final Path folder, final int port, final String waitProfile) throws Exception {
        return ConfiguredService.of("""
            service: {name: leader}
            bus:
              wait-profile: %s
              log: {path: "%s"}
              listen: {address: "127.0.0.1:%d"}
            """.formatted(waitProfile, folder, port));
    }

    static HeadraceService replica(final Path folder, final int port, final String waitProfile) throws Exception {
        return ConfiguredService.of("""
            service: {name: replica}
            bus:
              wait-profile: %s
              log: {path: "%s"}
              follow: {leaders: ["127.0.0.1:%d"]}
            """.formatted(waitProfile, folder, port));
    }

    /** Without an event log, for what is published from elsewhere. */
    static HeadraceService listening(final Path driverFolder, final int port, final String waitProfile)
        throws Exception {
        return ConfiguredService.of("""
            service: {name: listening}
            bus:
              wait-profile: %s
              listen: {address: "127.0.0.1:%d", driver-path: "%s"}
            """.formatted(waitProfile, port, driverFolder));
    }

    /** Where processes beside a service link to it over shared memory. */
    static Path driverFolder(final int port) {
        final Path memory = Path.of("/dev/shm");
        return (Files.isDirectory(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir")))
            .resolve("headrace-perf-link-" + ProcessHandle.current().pid() + "-" + port);
    }

    /** A UDP port that nobody has now. */
    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
