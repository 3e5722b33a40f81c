package io.headrace.perf.mqtt;

import com.hivemq.embedded.EmbeddedHiveMQ;
import io.headrace.perf.rig.Loopback;
import io.headrace.perf.rig.OtherProcess;
import org.agrona.IoUtil;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real HiveMQ broker in a JVM of its own, on the loopback, which keeps nothing on the disk. Started and closed by the
 * arm's main thread.
 *
 * <p>Arguments of its JVM: the port, its folder.
 */
public final class Broker implements AutoCloseable {
    /** How many messages of QoS 1 a publisher may have under way. */
    static final int RECEIVE_MAXIMUM = 1000;

    private static final int TIMEOUT_S = 60;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String CONFIGURATION = """
        <?xml version="1.0"?>
        <hivemq>
          <listeners><tcp-listener><port>%d</port><bind-address>%s</bind-address></tcp-listener></listeners>
          <persistence><mode>in-memory</mode></persistence>
          <mqtt>
            <queued-messages><max-queue-size>1000000</max-queue-size></queued-messages>
            <receive-maximum><server-receive-maximum>%d</server-receive-maximum></receive-maximum>
          </mqtt>
          <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
        </hivemq>
        """;

    private final OtherProcess process;
    private final int port;
    private final Path folder;

    private Broker(final OtherProcess process, final int port, final Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Starts a broker and waits until it listens. */
    static Broker start() throws IOException {
        final int port = Loopback.freePort();
        final Path folder = Files.createTempDirectory("headrace-perf-broker");
        final Broker broker = new Broker(OtherProcess.start(
            Broker.class, List.of(Integer.toString(port), folder.toString())), port, folder);
        try {
            broker.process.awaitReady(() -> LockSupport.parkNanos(LOOK_NS));
        } catch (final IllegalStateException e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    /**
     * Runs the broker until the arm's side has ended.
     *
     * @param args as described above.
     * @throws IOException when its folder cannot be written.
     */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[1]);
        final Path configuration = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(configuration.resolve("config.xml"),
            CONFIGURATION.formatted(Integer.parseInt(args[0]), Loopback.HOST, RECEIVE_MAXIMUM));
        // Without its own logging: it would take over the configuration of the process's logger.
        final EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
            .withConfigurationFolder(configuration)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withoutLoggingBootstrap()
            .build();
        broker.start().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        OtherProcess.tellReady();
        OtherProcess.awaitEnd();
        broker.stop().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        System.exit(0);
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.close();
        IoUtil.delete(folder.toFile(), true);
    }
}
