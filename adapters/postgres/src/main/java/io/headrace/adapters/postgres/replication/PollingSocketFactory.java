package io.headrace.adapters.postgres.replication;

import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * The thread that connects, which may be the driver's own: hands the socket that the driver asked for to whoever asked
 * the driver. The driver makes this factory by its class name, and passes one argument on.
 */
public final class PollingSocketFactory extends SocketFactory {
    private static final Map<String, PollingSocketFactory> FACTORIES = new ConcurrentHashMap<>();

    private final String ticket;
    private volatile PollingSocket socket;

    /**
     * Called by the driver.
     *
     * @param ticket from {@link #newTicket()}.
     */
    public PollingSocketFactory(final String ticket) {
        this.ticket = ticket;
    }

    static String newTicket() {
        return UUID.randomUUID().toString();
    }

    /** The last socket that was made with a ticket, or null; the ticket is then used up. */
    static PollingSocket redeem(final String ticket) {
        final PollingSocketFactory factory = FACTORIES.remove(ticket);
        return factory == null ? null : factory.socket;
    }

    @Override
    public Socket createSocket() {
        socket = new PollingSocket();
        FACTORIES.put(ticket, this);
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
