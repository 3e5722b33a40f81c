package io.headrace.adapters.cli;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.embedded.EmbeddedHiveMQ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real HiveMQ broker in this process, on loopback and a free port, and a client that publishes to it. */
final class TestBroker implements AutoCloseable {
    private static final int TIMEOUT_S = 60;
    private static final String HOST = "127.0.0.1";

    private final int port = freePort();
    private final EmbeddedHiveMQ broker;
    private final Mqtt5BlockingClient client;

    TestBroker(final Path folder) throws IOException {
        Files.createDirectories(folder.resolve("conf"));
        Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(folder.resolve("extensions"));
        Files.writeString(folder.resolve("conf/config.xml"), """
            <?xml version="1.0"?>
            <hivemq>
              <listeners><tcp-listener><port>%d</port><bind-address>%s</bind-address></tcp-listener></listeners>
              <persistence><mode>in-memory</mode></persistence>
              <mqtt><queued-messages><max-queue-size>100000</max-queue-size></queued-messages></mqtt>
              <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
            </hivemq>
            """.formatted(port, HOST));
        broker = EmbeddedHiveMQ.builder()
            .withConfigurationFolder(folder.resolve("conf"))
            .withDataFolder(folder.resolve("data"))
            .withExtensionsFolder(folder.resolve("extensions"))
            .withoutLoggingBootstrap()
            .build();
        broker.start().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
        client = MqttClient.builder().useMqttVersion5().serverHost(HOST).serverPort(port).buildBlocking();
        client.connect();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** With an id of its own, so that it can be told from others when it is given again. */
    void publish(final String topic, final String payload, final String id) {
        client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).contentType("text/plain")
            .userProperties().add("id", id).applyUserProperties()
            .payload(payload.getBytes(StandardCharsets.UTF_8)).send();
    }

    void publish(final String topic, final String payload) {
        client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).contentType("text/plain")
            .payload(payload.getBytes(StandardCharsets.UTF_8)).send();
    }

    @Override
    public void close() {
        client.disconnect();
        broker.stop().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
    }
}
