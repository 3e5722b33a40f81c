package io.headrace.adapters.demo;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.embedded.EmbeddedHiveMQ;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A real HiveMQ broker in this process, on loopback and a free port, which keeps nothing on the disk. Started and
 * closed by one thread; clients are for any.
 */
final class MqttBroker implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final int TIMEOUT_S = 60;
    private static final int MAX_QUEUED_MESSAGES = 1_000_000;
    /** Of one machine; the usual 10 would make machines wait where the load is meant not to. */
    private static final int MAX_UNACKNOWLEDGED_MESSAGES = 1000;

    private final int port;
    private final EmbeddedHiveMQ broker;

    private MqttBroker(final int port, final EmbeddedHiveMQ broker) {
        this.port = port;
        this.broker = broker;
    }

    /** Starts a broker in a folder of its own. */
    static MqttBroker start(final Path folder) throws IOException {
        final int port = freePort();
        final Path configuration = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(configuration.resolve("config.xml"), """
            <?xml version="1.0"?>
            <hivemq>
              <listeners><tcp-listener><port>%d</port><bind-address>%s</bind-address></tcp-listener></listeners>
              <persistence><mode>in-memory</mode></persistence>
              <mqtt>
                <queued-messages><max-queue-size>%d</max-queue-size></queued-messages>
                <receive-maximum><server-receive-maximum>%d</server-receive-maximum></receive-maximum>
              </mqtt>
              <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
            </hivemq>
            """.formatted(port, HOST, MAX_QUEUED_MESSAGES, MAX_UNACKNOWLEDGED_MESSAGES));
        // Without its own logging: it would take over the configuration of the process's logger.
        final EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
            .withConfigurationFolder(configuration)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withoutLoggingBootstrap()
            .build();
        try {
            broker.start().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        } catch (final CompletionException e) {
            throw new IOException("the broker did not start: " + e.getCause(), e);
        }
        return new MqttBroker(port, broker);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A connected client. */
    Mqtt5AsyncClient connect(final String clientId) {
        final Mqtt5AsyncClient client = MqttClient.builder()
            .useMqttVersion5().identifier(clientId).serverHost(HOST).serverPort(port).buildAsync();
        client.connectWith().cleanStart(true).send().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        return client;
    }

    int port() {
        return port;
    }

    static String version() {
        final String version = EmbeddedHiveMQ.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    @Override
    public void close() throws IOException {
        try {
            broker.stop().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        } catch (final CompletionException e) {
            throw new IOException("the broker did not stop: " + e.getCause(), e);
        }
    }
}
