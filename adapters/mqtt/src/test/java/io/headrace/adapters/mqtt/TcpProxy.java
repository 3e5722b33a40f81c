package io.headrace.adapters.mqtt;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between client and broker that a test can cut and hold up. Its threads are daemons named tcp-proxy. */
final class TcpProxy implements AutoCloseable {
    static final String THREAD_NAME = "tcp-proxy";

    private final int targetPort;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object flow = new Object();
    private boolean held;
    private ServerSocket listener;
    private Thread accepting;

    TcpProxy(final int targetPort) {
        this.targetPort = targetPort;
        open(0);
        port = listener.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Cuts all connections and takes no new ones. */
    void cut() {
        try {
            listener.close();
            // While it accepts, the port is not free.
            accepting.join();
            for (final Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes connections again. Something else may hold the port for a moment: a client that tries to connect to it. */
    void mend() {
        Awaitility.await("the port to be free").ignoreExceptions().until(() -> {
            open(port);
            return true;
        });
    }

    /** Lets no bytes pass, and keeps the connections. */
    void hold() {
        synchronized (flow) {
            held = true;
        }
    }

    /** Lets bytes pass again. */
    void release() {
        synchronized (flow) {
            held = false;
            flow.notifyAll();
        }
    }

    private void open(final int listenPort) {
        try {
            final ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getByName("localhost"), listenPort));
            listener = opened;
            accepting = run(() -> accept(opened));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread run(final Runnable work) {
        final Thread thread = new Thread(work, THREAD_NAME);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept(final ServerSocket from) {
        while (!from.isClosed()) {
            try {
                final Socket client = from.accept();
                final Socket broker = new Socket("localhost", targetPort);
                client.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(broker);
                if (from.isClosed()) {
                    // Cut in between: it must not go on.
                    client.close();
                    broker.close();
                }
                run(() -> pump(client, broker));
                run(() -> pump(broker, client));
            } catch (final IOException closed) {
                // The listener was cut, or the broker is away: the client sees a connection that ends.
                continue;
            }
        }
    }

    private void pump(final Socket from, final Socket to) {
        final byte[] bytes = new byte[8192];
        try (from; to) {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                synchronized (flow) {
                    while (held) {
                        flow.wait();
                    }
                }
                out.write(bytes, 0, count);
            }
        } catch (final IOException cut) {
            // One side has gone; closing both tells the other.
            sockets.remove(from);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.remove(from);
    }

    @Override
    public void close() {
        release();
        cut();
    }
}
