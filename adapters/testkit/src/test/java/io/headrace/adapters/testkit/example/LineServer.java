package io.headrace.adapters.testkit.example;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A real TCP server that keeps the lines that it gets; what begins with {@code poison} it refuses. */
final class LineServer implements AutoCloseable {
    static final String THREAD_PREFIX = "line-server";

    private final List<String> lines = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket listener;
    private Thread accepting;
    private boolean hanging;

    LineServer() throws IOException {
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        port = listener.getLocalPort();
        accept(listener);
    }

    int port() {
        return port;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    synchronized void hanging(final boolean hangs) {
        hanging = hangs;
        notifyAll();
    }

    void start() throws IOException {
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accept(listener);
    }

    private void accept(final ServerSocket server) {
        accepting = new Thread(() -> {
            try {
                while (true) {
                    final Socket connection = server.accept();
                    connections.add(connection);
                    new Thread(() -> serve(connection), THREAD_PREFIX + "-connection").start();
                }
            } catch (final SocketException ex) {
                // The listener was closed: that is how the server is stopped.
                assert server.isClosed() : ex;
            } catch (final IOException ex) {
                throw new IllegalStateException(ex);
            }
        }, THREAD_PREFIX);
        accepting.start();
    }

    private void serve(final Socket connection) {
        try (connection) {
            final BufferedReader input =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                connection.getOutputStream().write(answer(line).getBytes(StandardCharsets.UTF_8));
            }
        } catch (final SocketException ex) {
            // The sink or stop() has cut the connection.
            assert connection.isClosed() : ex;
        } catch (final IOException | InterruptedException ex) {
            throw new IllegalStateException(ex);
        } finally {
            connections.remove(connection);
        }
    }

    private synchronized String answer(final String line) throws InterruptedException {
        while (hanging) {
            wait();
        }
        if (line.startsWith("poison")) {
            return "-";
        }
        lines.add(line);
        return "+";
    }

    /** Once the accepting thread has ended, no further connection can be made. */
    void stop() throws IOException {
        listener.close();
        try {
            accepting.join();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        for (final Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        hanging(false);
        stop();
    }
}
