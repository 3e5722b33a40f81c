package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.headrace.adapters.mqtt.BusRig.Received;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The source against a real broker. */
class MqttSourceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static HiveMqBroker broker;

    private String root;
    private BusRig rig;
    private Mqtt5BlockingClient machine;

    @BeforeAll
    static void startBroker() {
        broker = HiveMqBroker.open();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void connect() {
        // Each test has topics of its own: sessions and retained messages of others cannot reach it.
        root = "t" + UUID.randomUUID().toString().substring(0, 8);
        rig = new BusRig(4096);
        machine = Mqtt5Client.builder().serverHost("localhost").serverPort(broker.port()).buildBlocking();
        machine.connect();
    }

    @AfterEach
    void disconnect() {
        machine.disconnect();
        rig.close();
    }

    private MqttBrokerOptions options(final int version) {
        final MqttBrokerOptions usual = TestOptions.broker(broker.port(), version);
        return new MqttBrokerOptions(
            usual.host(), usual.port(), version, Optional.of("source-" + root), usual.user(), usual.password(),
            usual.tls(), usual.keepAlive(), usual.connectTimeout(), usual.reconnectDelay(),
            usual.reconnectMaxDelay());
    }

    private Source started(final BusRig on, final MqttSourceOptions options) {
        final Source source = new MqttSourceProvider().createSource(options, on.sourceContext());
        source.start();
        await().atMost(PATIENCE).until(() -> on.health().state() == Health.State.UP);
        return source;
    }

    private void send(final String topic, final String payload, final int qos) {
        machine.publishWith().topic(root + "/" + topic).payload(payload.getBytes(StandardCharsets.UTF_8))
            .qos(MqttQos.fromCode(qos)).send();
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "5, 1", "3, 0", "3, 1"})
    void shouldPublishReadingsAndDocuments(final int version, final int qos) {
        final Source source = started(rig, TestOptions.source(options(version), root + "/#", qos,
            TestOptions.jsonRule(root + "/+/json", "{2}"),
            TestOptions.textRule(root + "/+/text", "{2}", ValueKind.FLOAT)));
        try {
            send("press/json", "{\"value\": 42, \"unit\": \"bar\", \"quality\": \"uncertain\"}", qos);
            send("oven/text", "181.5", qos);
            send("oven/text", "hot", qos);
            send("camera/image", "not mapped", qos);
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 4);
        } finally {
            source.close();
        }
        final List<Received> events = rig.poll();
        final Received json = events.get(0);
        assertEquals(EventKind.READING, json.kind());
        assertEquals("machines." + root + ".press.json", json.topic());
        assertEquals(List.of("press", "press", 42L, "bar", "UNCERTAIN", "machines"),
            List.of(json.key(), json.sensorId(), json.value(), json.unit(), json.quality(), json.source()));
        assertEquals(List.of("oven", 181.5, "°C"),
            List.of(events.get(1).key(), events.get(1).value(), events.get(1).unit()));
        assertEquals(List.of(EventKind.DOCUMENT, "hot", "application/octet-stream", root + "/oven/text"), List.of(
            events.get(2).kind(), events.get(2).body(), events.get(2).contentType(), events.get(2).key()));
        assertEquals("not mapped", events.get(3).body());
        assertEquals(4, rig.counter("received-messages"));
        assertEquals(4, rig.counter("published-events"));
        assertEquals(1, rig.counter("malformed-messages"));
        assertEquals(1, rig.counter("unmapped-messages"));
    }

    @Test
    void shouldCarryThePropertiesOfMqtt5() {
        final Source source = started(rig, TestOptions.source(options(5), root + "/#", 1));
        try {
            machine.publishWith().topic(root + "/order").payload("<a/>".getBytes(StandardCharsets.UTF_8))
                .qos(MqttQos.AT_LEAST_ONCE).contentType("application/xml")
                .correlationData("corr-7".getBytes(StandardCharsets.UTF_8))
                .userProperties().add("id", "msg-7").applyUserProperties().send();
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 1);
        } finally {
            source.close();
        }
        final Received event = rig.poll().get(0);
        assertEquals(List.of("application/xml", "corr-7", "msg-7", "<a/>"),
            List.of(event.contentType(), event.correlationId(), event.messageId(), event.body()));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldShareASubscriptionWithOthers(final int version) {
        final int count = 2_000;
        final Source source = started(rig, TestOptions.source(options(version), "$share/g/" + root + "/#", 1));
        final Mqtt5BlockingClient colleague =
            Mqtt5Client.builder().serverHost("localhost").serverPort(broker.port()).buildBlocking();
        final Set<String> elsewhere = java.util.concurrent.ConcurrentHashMap.newKeySet();
        try {
            colleague.connect();
            colleague.toAsync().subscribeWith().topicFilter("$share/g/" + root + "/#").qos(MqttQos.AT_LEAST_ONCE)
                .callback(publish -> elsewhere.add(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                .send().join();
            // All at once, so that neither member of the group can take them one by one.
            IntStream.range(0, count).forEach(i -> machine.toAsync().publishWith().topic(root + "/n")
                .payload(("m" + i).getBytes(StandardCharsets.UTF_8)).qos(MqttQos.AT_LEAST_ONCE).send());
            await().atMost(PATIENCE).until(() -> rig.poll().size() + elsewhere.size() == count);
        } finally {
            colleague.disconnect();
            source.close();
        }
        final Set<String> here = rig.poll().stream().map(Received::body).collect(Collectors.toSet());
        // How a broker shares them out is its own affair; each message must be here or there, and only once.
        assertEquals(count, here.size() + elsewhere.size());
        here.addAll(elsewhere);
        assertEquals(count, here.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldWithholdAcknowledgementsWhileTheBusIsFull(final int version) {
        final int count = 500;
        try (BusRig small = new BusRig(64)) {
            final Source source = started(small, TestOptions.source(
                options(version), root + "/#", 1, AcknowledgeWhen.PUBLISHED, 50));
            try {
                IntStream.range(0, count).forEach(i -> send("n", "m" + i, 1));
                // Nobody reads: the ring is full, and what came since is held and not acknowledged.
                // This broker does not send more while some are unacknowledged, and so not up to the receive maximum.
                await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() ->
                    small.counter("published-events") == 64 && small.counter("unacknowledged-messages") > 0);
                assertTrue(small.counter("unacknowledged-messages") <= 50);
                await().atMost(PATIENCE).until(() -> small.poll().size() == count);
                await().atMost(PATIENCE).until(() -> small.counter("unacknowledged-messages") == 0);
            } finally {
                source.close();
            }
            assertEquals(IntStream.range(0, count).mapToObj(i -> "m" + i).toList(),
                small.poll().stream().map(Received::body).toList());
            assertEquals(0, small.counter("dropped-messages"));
        }
    }

    @Test
    void shouldDropAndCountQos0WhenTheBusIsFull() {
        final int count = 500;
        try (BusRig small = new BusRig(64)) {
            final Source source = started(small, TestOptions.source(options(5), root + "/#", 0));
            try {
                IntStream.range(0, count).forEach(i -> send("n", "m" + i, 0));
                await().atMost(PATIENCE).until(() -> small.counter("received-messages") == count);
            } finally {
                source.close();
            }
            assertEquals(count, small.counter("dropped-messages") + small.counter("published-events"));
            assertTrue(small.counter("dropped-messages") > 0);
            assertEquals(small.counter("published-events"), small.poll().size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldTakeUpTheSessionAfterARestartOfTheSource(final int version) {
        final MqttSourceOptions options = TestOptions.source(options(version), root + "/#", 1);
        started(rig, options).close();
        IntStream.range(0, 100).forEach(i -> send("n", "m" + i, 1));
        final Source again = started(rig, options);
        try {
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 100);
        } finally {
            again.close();
        }
        assertEquals(100, new HashSet<>(rig.poll().stream().map(Received::body).toList()).size());
    }

    @Test
    void shouldNotTakeUpTheSessionWithACleanStart() {
        for (final int version : new int[]{5, 3}) {
            final MqttSourceOptions options = TestOptions.source(options(version), root + "/#", 1);
            started(rig, options).close();
            IntStream.range(0, 10).forEach(i -> send("n", "old", 1));
            final Source again = started(rig, new MqttSourceOptions(
                options.broker(), options.subscriptions(), options.rules(), options.topic(),
                options.messageIdProperty(), options.acknowledge(), true, options.sessionExpiry(),
                options.receiveMaximum()));
            try {
                send("n", "new", 1);
                await().atMost(PATIENCE).until(() -> rig.poll().size() == 1);
            } finally {
                again.close();
            }
            assertEquals("new", rig.poll().get(0).body());
            rig.poll().clear();
        }
    }

    @Test
    void shouldAcknowledgeWhatIsFinishedOnly() {
        final MqttSourceOptions options = TestOptions.source(
            options(5), root + "/#", 1, AcknowledgeWhen.RECORDED, 10);
        final Source source = started(rig, options);
        try {
            IntStream.range(0, 30).forEach(i -> send("n", "m" + i, 1));
            // Published, but the one subscription has not finished them: the broker sends no more than the maximum.
            await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> rig.counter("published-events") > 0
                && rig.counter("unacknowledged-messages") == rig.counter("published-events"));
            assertTrue(rig.counter("published-events") <= 10);
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 30);
            await().atMost(PATIENCE).until(() -> rig.counter("unacknowledged-messages") == 0);
        } finally {
            source.close();
        }
    }

    private void sendWithId(final int number) {
        machine.publishWith().topic(root + "/n").payload(("m" + number).getBytes(StandardCharsets.UTF_8))
            .qos(MqttQos.AT_LEAST_ONCE).userProperties().add("id", "id-" + number).applyUserProperties().send();
    }

    @ParameterizedTest
    @CsvSource({"5, true", "5, false", "3, false"})
    void shouldGetAgainFromTheBrokerWhatWasNotRecorded(final int version, final boolean withId) {
        final MqttSourceOptions options = TestOptions.source(
            options(version), root + "/#", 1, AcknowledgeWhen.RECORDED, 100);
        final Source first = started(rig, options);
        try {
            IntStream.range(0, 5).forEach(i -> send("n", "m" + i, 1));
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 5 && rig.counter("unacknowledged-messages") == 0);
            rig.holdFinishedAt(rig.poll().get(4).sequence());
            IntStream.range(5, 20).forEach(i -> {
                if (withId) {
                    sendWithId(i);
                } else {
                    send("n", "m" + i, 1);
                }
            });
            await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> rig.poll().size() > 5
                && rig.counter("unacknowledged-messages") == rig.poll().size() - 5);
        } finally {
            first.close();
        }
        final int notRecorded = rig.poll().size() - 5;
        rig.holdFinishedAt(Long.MAX_VALUE);
        final Source second = started(rig, options);
        try {
            final int expected = withId ? 20 : 20 + notRecorded;
            await().atMost(PATIENCE).until(() ->
                rig.poll().size() == expected && rig.counter("unacknowledged-messages") == 0);
            assertEquals(IntStream.range(5, 20).filter(i -> !withId || i >= 5 + notRecorded)
                .mapToObj(i -> "m" + i).toList(),
                rig.poll().stream().skip(5 + notRecorded).map(Received::body).toList());
            assertEquals(withId ? notRecorded : 0, rig.counter("duplicate-messages"));
        } finally {
            second.close();
        }
    }

    @Test
    void shouldAcknowledgeARepeatedMessageWhenItsFirstEventIsRecorded() {
        final Source source = started(rig, TestOptions.source(
            options(5), root + "/#", 1, AcknowledgeWhen.RECORDED, 100));
        try {
            sendWithId(1);
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 1 && rig.counter("unacknowledged-messages") == 0);
            sendWithId(1);
            sendWithId(2);
            await().atMost(PATIENCE).until(() -> rig.poll().size() == 2 && rig.counter("unacknowledged-messages") == 0);
            assertEquals(List.of("m1", "m2"), rig.poll().stream().map(Received::body).toList());
            assertEquals(1, rig.counter("duplicate-messages"));
            assertEquals(2, rig.counter("published-events"));
            assertEquals(3, rig.counter("received-messages"));
        } finally {
            source.close();
        }
    }

    @Test
    void shouldLeaveWithTheBrokerWhatComesAfterItCameToRest() {
        final MqttSourceOptions options = TestOptions.source(
            options(5), root + "/#", 1, AcknowledgeWhen.PUBLISHED, 10);
        final Source first = started(rig, options);
        try {
            send("n", "before", 1);
            await().atMost(PATIENCE).until(() -> rig.counter("published-events") == 1);
            first.quiesce();
            send("n", "after", 1);
        } finally {
            first.close();
        }
        assertEquals(1, rig.counter("published-events"));
        final Source second = started(rig, options);
        try {
            await().atMost(PATIENCE).until(() -> rig.counter("published-events") == 2);
            assertEquals(2, rig.poll().size());
        } finally {
            second.close();
        }
    }

    @Test
    void shouldFindNothingWrongBeforehand() {
        final List<PreflightFinding> findings = new MqttSourceProvider()
            .preflight(TestOptions.source(options(5), "$share/g/" + root + "/#", 1));
        assertTrue(findings.size() >= 3, findings::toString);
        assertTrue(findings.stream().allMatch(f -> f.status() == PreflightFinding.Status.OK), findings::toString);
    }
}
