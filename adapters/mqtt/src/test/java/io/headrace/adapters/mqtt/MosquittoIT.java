package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The source against a second broker, of another maker: Eclipse Mosquitto, where it is installed. */
class MosquittoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;
    private Process broker;
    private int port;
    private Mqtt5BlockingClient machine;

    @BeforeEach
    void startBroker() throws Exception {
        final Optional<Path> program = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto",
            "/opt/homebrew/sbin/mosquitto").map(Path::of).filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(program.isPresent(), "mosquitto is not installed (Debian: apt-get install mosquitto)");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        final Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(configuration, "listener " + port + " localhost\nallow_anonymous true\n"
            + "max_inflight_messages 20\nmax_queued_messages 0\npersistence false\nlog_type all\n");
        broker = new ProcessBuilder(program.get().toString(), "-c", configuration.toString())
            .redirectErrorStream(true).redirectOutput(folder.resolve("mosquitto.log").toFile()).start();
        machine = Mqtt5Client.builder().serverHost("localhost").serverPort(port).buildBlocking();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> !machine.connect().getReasonCode().isError());
    }

    @AfterEach
    void stopBroker() throws Exception {
        if (broker != null) {
            machine.disconnect();
            broker.destroy();
            assertTrue(broker.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private void send(final int count) {
        IntStream.range(0, count).forEach(i -> machine.publishWith().topic("m/" + i % 3)
            .payload(("m" + i).getBytes(StandardCharsets.UTF_8)).qos(MqttQos.AT_LEAST_ONCE).send());
    }

    /** How many lines of the broker's log tell of it. */
    private long logged(final String what) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("mosquitto.log"))) {
            return lines.filter(line -> line.contains(what)).count();
        }
    }

    private static Source started(final BusRig rig, final MqttSourceOptions options) {
        final Source source = new MqttSourceProvider().createSource(options, rig.sourceContext());
        source.start();
        await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.UP);
        return source;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldHoldWhatTheBusHasNoRoomFor(final int version) {
        try (BusRig rig = new BusRig(64)) {
            final MqttSourceOptions options = TestOptions.source(
                TestOptions.broker(port, version), "m/#", 1, AcknowledgeWhen.PUBLISHED, 1024);
            assertTrue(new MqttSourceProvider().preflight(options).stream()
                .allMatch(finding -> finding.status() == PreflightFinding.Status.OK));
            final Source source = started(rig, options);
            try {
                send(400);
                // MQTT 3.1.1 cannot tell a receive maximum: the broker's own limit of 20 counts there. Mosquitto 2.0.11
                // goes beyond it at times, by its own log, so the log tells how many there are.
                await().during(Duration.ofMillis(200)).atMost(PATIENCE).untilAsserted(() -> {
                    final long outstanding = logged("Sending PUBLISH to ") - logged("Received PUBACK from ");
                    assertTrue(version == 5 ? outstanding == 400 - 64 : outstanding >= 20,
                        () -> "outstanding=" + outstanding);
                    assertEquals(outstanding, rig.counter("unacknowledged-messages"));
                    assertEquals(64, logged("Received PUBACK from "));
                });
                await().atMost(PATIENCE).untilAsserted(() -> assertEquals(400, rig.poll().size()));
                await().atMost(PATIENCE).untilAsserted(() -> assertEquals(0, rig.counter("unacknowledged-messages")));
            } finally {
                source.close();
            }
            assertEquals(IntStream.range(0, 400).mapToObj(i -> "m" + i).toList(),
                rig.poll().stream().map(BusRig.Received::body).toList());
        }
    }

    @Test
    void shouldLiveWithABrokerThatExceedsTheReceiveMaximum() {
        try (BusRig rig = new BusRig(64)) {
            final Source source = started(rig, TestOptions.source(
                TestOptions.broker(port, 5), "m/#", 1, AcknowledgeWhen.PUBLISHED, 50));
            try {
                send(400);
                await().atMost(PATIENCE).until(() ->
                    rig.poll().stream().map(BusRig.Received::body).distinct().count() == 400);
                await().atMost(PATIENCE).until(() -> rig.counter("unacknowledged-messages") == 0);
            } finally {
                source.close();
            }
            assertTrue(rig.counter("reconnects") <= 1, "reconnects=" + rig.counter("reconnects"));
        }
    }

    @Test
    void shouldGiveAgainWhatWasNotFinished() {
        final MqttSourceOptions options = TestOptions.source(
            TestOptions.broker(port, 5), "m/#", 1, AcknowledgeWhen.RECORDED, 1024);
        try (BusRig rig = new BusRig(1024)) {
            final Source source = started(rig, options);
            send(50);
            await().atMost(PATIENCE).until(() -> rig.counter("unacknowledged-messages") == 50);
            source.close();
        }
        // Nothing was finished: all of it comes again.
        try (BusRig rig = new BusRig(1024)) {
            final Source source = started(rig, options);
            try {
                await().atMost(PATIENCE).until(() -> rig.poll().size() == 50);
            } finally {
                source.close();
            }
        }
    }
}
