package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sink against Eclipse Mosquitto, where it is installed: a broker that stands still and is killed. */
class MosquittoSinkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EVENT_COUNT = 50;

    @TempDir
    private Path folder;
    private final List<Mqtt5Publish> arrived = new CopyOnWriteArrayList<>();
    private Process broker;
    private Mqtt5BlockingClient subscriber;
    private int port;

    @BeforeEach
    void startFirst() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        start();
    }

    private void start() throws Exception {
        final Optional<Path> program = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto",
            "/opt/homebrew/sbin/mosquitto").map(Path::of).filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(program.isPresent(), "mosquitto is not installed (Debian: apt-get install mosquitto)");
        final Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(configuration, "listener " + port + " localhost\nallow_anonymous true\npersistence false\n");
        broker = new ProcessBuilder(program.get().toString(), "-c", configuration.toString())
            .redirectErrorStream(true).redirectOutput(folder.resolve("mosquitto.log").toFile()).start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            subscriber = Mqtt5Client.builder().serverHost("localhost").serverPort(port).buildBlocking();
            return !subscriber.connect().getReasonCode().isError();
        });
        subscriber.toAsync().subscribeWith().topicFilter("#").qos(MqttQos.AT_LEAST_ONCE).callback(arrived::add)
            .send().join();
    }

    @AfterEach
    void stop() throws Exception {
        if (broker != null) {
            broker.destroyForcibly();
            assertTrue(broker.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private void signal(final String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(broker.pid())).start().waitFor());
    }

    private static EventBatch events(final long fromSequence) {
        return EventFixtures.batch(fromSequence, LongStream.range(fromSequence, fromSequence + EVENT_COUNT)
            .mapToObj(i -> new EventFixture().source("machines").key("key").messageId("fault-" + i)
                .document("text/plain", EventFixture.utf8("body " + i)))
            .toList());
    }

    private static CompletableFuture<Void> deliver(final Sink sink, final EventBatch batch) {
        return CompletableFuture.runAsync(() -> {
            try {
                sink.deliver(batch);
            } catch (final DeliveryException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldNotReturnBeforeTheBrokerHasAcknowledgedNorLoseWhatAKilledOneHadNot(final int version) throws Exception {
        try (BusRig rig = new BusRig(64);
            Sink sink = new MqttSinkProvider().createSink(
                TestOptions.sink(TestOptions.broker(port, version), "faults/{id}", 1), rig.sinkContext())) {
            sink.deliver(events(0));
            await().atMost(PATIENCE).until(() -> arrived.size() == EVENT_COUNT);

            signal("STOP");
            final CompletableFuture<Void> delivery = deliver(sink, events(EVENT_COUNT));
            await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !delivery.isDone());
            signal("KILL");
            final DeliveryException failure =
                (DeliveryException)assertThrows(CompletionException.class, delivery::join).getCause();
            assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.toString());
            assertEquals(0, failure.deliveredCount());

            start();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                sink.deliver(events(EVENT_COUNT));
                return true;
            });
            await().atMost(PATIENCE).until(() -> arrived.size() >= 2 * EVENT_COUNT);
            assertEquals(
                LongStream.range(0, 2 * EVENT_COUNT).mapToObj(i -> "faults/machines:fault-" + i).toList(),
                arrived.stream().map(publish -> publish.getTopic().toString()).distinct().toList());
        }
    }

    @Test
    void shouldGiveTheSameIdWhenItDeliversAgain() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (BusRig rig = new BusRig(64);
                Sink sink = new MqttSinkProvider().createSink(
                    TestOptions.sink(TestOptions.broker(port, 5), "faults", 1), rig.sinkContext())) {
                sink.deliver(events(0));
            }
        }
        await().atMost(PATIENCE).until(() -> arrived.size() == 2 * EVENT_COUNT);
        final List<String> ids = arrived.stream().map(MosquittoSinkIT::id).toList();
        assertEquals(ids.subList(0, EVENT_COUNT), ids.subList(EVENT_COUNT, 2 * EVENT_COUNT));
        assertEquals(EVENT_COUNT, ids.stream().distinct().count());
    }

    private static String id(final Mqtt5Publish publish) {
        return publish.getUserProperties().asList().stream()
            .filter(property -> property.getName().toString().equals(OutgoingMessage.ID_PROPERTY))
            .map(property -> property.getValue().toString())
            .findFirst().orElseThrow();
    }
}
