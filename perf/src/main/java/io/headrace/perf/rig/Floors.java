package io.headrace.perf.rig;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The rig's main thread and one more: what nothing on this machine can be faster than. A cache line that goes from one
 * thread to the other and back, a block that reaches the disk, a datagram that is echoed on the loopback.
 */
public final class Floors {
    private static final int BLOCK_BYTES = 128;
    /** Two longs so far apart that they share no line, nor one that is fetched with it. */
    private static final int PING = 32;
    private static final int PONG = 64;

    private static final long ANSWER_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);

    private Floors() {
    }

    /**
     * Measures all of them.
     *
     * @param seconds for each.
     * @param folder  on the disk that matters.
     * @return p50, p99 and max in microseconds, by the floor's name.
     * @throws IOException          when the file or the sockets fail.
     * @throws InterruptedException when interrupted.
     */
    public static Map<String, Map<String, Double>> measure(final double seconds, final Path folder)
        throws IOException, InterruptedException {
        final long limitNs = (long)(seconds * 1e9);
        final Map<String, Map<String, Double>> floors = new LinkedHashMap<>();
        floors.put("cache line, there and back", figures(pingPong(limitNs)));
        floors.put("fdatasync of 128 B", figures(sync(limitNs, folder)));
        floors.put("UDP echo, there and back", figures(echo(limitNs)));
        return floors;
    }

    private static Map<String, Double> figures(final Histogram histogram) {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("p50", histogram.getValueAtPercentile(50) / 1e3);
        figures.put("p99", histogram.getValueAtPercentile(99) / 1e3);
        figures.put("max", histogram.getMaxValue() / 1e3);
        return figures;
    }

    private static Histogram pingPong(final long limitNs) throws InterruptedException {
        final AtomicLongArray lines = new AtomicLongArray(96);
        final Thread other = new Thread(() -> {
            long expected = 1;
            long value = lines.get(PING);
            while (value >= 0) {
                if (value == expected) {
                    lines.set(PONG, expected++);
                }
                Thread.onSpinWait();
                value = lines.get(PING);
            }
        }, "pong");
        other.start();
        final Histogram histogram = new Histogram(TimeHistory.DIGITS);
        final long beginNs = System.nanoTime();
        long nowNs = beginNs;
        for (long turn = 1; nowNs - beginNs < limitNs; turn++) {
            final long startNs = System.nanoTime();
            lines.set(PING, turn);
            while (lines.get(PONG) != turn) {
                Thread.onSpinWait();
            }
            nowNs = System.nanoTime();
            histogram.recordValue(nowNs - startNs);
        }
        lines.set(PING, -1);
        other.join();
        return histogram;
    }

    private static Histogram sync(final long limitNs, final Path folder) throws IOException {
        final Histogram histogram = new Histogram(TimeHistory.DIGITS);
        final Path file = folder.resolve("floor.tmp");
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
            final long beginNs = System.nanoTime();
            long nowNs = beginNs;
            while (nowNs - beginNs < limitNs) {
                final long startNs = System.nanoTime();
                channel.write(block.clear());
                channel.force(false);
                nowNs = System.nanoTime();
                histogram.recordValue(nowNs - startNs);
            }
        }
        Files.deleteIfExists(file);
        return histogram;
    }

    private static Histogram echo(final long limitNs) throws IOException, InterruptedException {
        final Histogram histogram = new Histogram(TimeHistory.DIGITS);
        final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramChannel server = DatagramChannel.open().bind(anyPort);
            DatagramChannel client = DatagramChannel.open().bind(anyPort).connect(server.getLocalAddress())) {
            final Thread echoing = new Thread(() -> echo(server), "echo");
            echoing.setDaemon(true);
            echoing.start();
            final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            client.configureBlocking(false);
            final long beginNs = System.nanoTime();
            long nowNs = beginNs;
            while (nowNs - beginNs < limitNs) {
                final long startNs = System.nanoTime();
                client.write(block.clear());
                block.clear();
                while (client.read(block) == 0) {
                    if (System.nanoTime() - startNs > ANSWER_LIMIT_NS) {
                        throw new IOException("the echo on the loopback did not answer");
                    }
                    Thread.yield();
                }
                nowNs = System.nanoTime();
                histogram.recordValue(nowNs - startNs);
            }
        }
        return histogram;
    }

    private static void echo(final DatagramChannel server) {
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try {
            while (true) {
                final SocketAddress from = server.receive(block.clear());
                server.send(block.flip(), from);
            }
        } catch (final ClosedChannelException e) {
            return;
        } catch (final IOException e) {
            System.err.println("The echo failed: " + e);
        }
    }
}
