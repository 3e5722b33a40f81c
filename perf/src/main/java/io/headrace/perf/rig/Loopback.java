package io.headrace.perf.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Stateless: where the servers of arms listen. */
public final class Loopback {
    /** The address. */
    public static final String HOST = "127.0.0.1";

    private Loopback() {
    }

    /**
     * A TCP port that nobody has now.
     *
     * @return the port.
     * @throws IOException when there is none.
     */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }
}
