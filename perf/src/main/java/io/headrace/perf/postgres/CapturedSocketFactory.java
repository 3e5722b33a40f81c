package io.headrace.perf.postgres;

import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** The thread that connects: gives the driver plain sockets, and keeps the last one to look at its input. */
public final class CapturedSocketFactory extends SocketFactory {
    private static volatile Socket lastSocket;

    /** Called by the driver. */
    public CapturedSocketFactory() {
    }

    static Socket lastSocket() {
        return lastSocket;
    }

    @Override
    public Socket createSocket() {
        final Socket socket = new Socket();
        lastSocket = socket;
        return socket;
    }

    @Override
    public Socket createSocket(final String host, final int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(
        final String host, final int port, final InetAddress localHost, final int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(final InetAddress host, final int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(
        final InetAddress address, final int port, final InetAddress localAddress, final int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }
}
