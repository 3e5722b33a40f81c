package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.Change;
import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.adapters.testkit.SinkContract;
import io.headrace.adapters.testkit.TargetKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sink keeps the contract of sinks, in MQTT 5 against a real broker behind a network that can be cut. */
class MqttSinkContractIT extends SinkContract<MqttSinkOptions> {
    private static HiveMqBroker broker;
    private static TcpProxy network;

    private final List<Change> arrivals = new CopyOnWriteArrayList<>();
    private String root;
    private Mqtt5BlockingClient subscriber;

    @BeforeAll
    static void startBroker() {
        broker = HiveMqBroker.withLogin();
        network = new TcpProxy(broker.port());
    }

    @AfterAll
    static void stopBroker() {
        network.close();
        broker.close();
    }

    @BeforeEach
    void subscribe() {
        root = "t" + UUID.randomUUID().toString().substring(0, 8);
        subscriber = broker.client();
        subscriber.toAsync().subscribeWith().topicFilter(root + "/#").qos(MqttQos.AT_LEAST_ONCE)
            .callback(publish -> {
                final String text = new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8);
                if (text.matches("\\{\"number\":\\d+}")) {
                    arrivals.add(new Change(
                        key(publish.getTopic().toString().substring(root.length() + 1)),
                        Long.parseLong(text.replaceAll("\\D", ""))));
                }
            })
            .send().join();
    }

    /** The key of a row is its columns, each behind its length: no text for a topic, and so in hexadecimal. */
    private static String key(final String level) {
        final byte[] encoded = HexFormat.of().parseHex(level);
        return new String(encoded, Integer.BYTES, encoded.length - Integer.BYTES, StandardCharsets.UTF_8);
    }

    @AfterEach
    void unsubscribe() {
        subscriber.disconnect();
    }

    @Override
    protected MqttSinkProvider provider() {
        return new MqttSinkProvider();
    }

    private MqttSinkOptions options(final int port, final String password) {
        return TestOptions.sink(TestOptions.broker(
            port, 5, Optional.of(HiveMqBroker.USER), Optional.of(password), Optional.empty()), root + "/{key}", 1);
    }

    @Override
    protected MqttSinkOptions options() {
        return options(network.port(), HiveMqBroker.PASSWORD);
    }

    @Override
    protected MqttSinkOptions fatalOptions() {
        return options(network.port(), "wrong");
    }

    @Override
    protected MqttSinkOptions wrongOptions() {
        return fatalOptions();
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of(Ability.WHOLE_TRANSACTIONS, "a broker has no transactions");
    }

    @Override
    protected EncodedEvent event(final Change change) {
        return EventFixtures.document(change.key(), "{\"number\":" + change.number() + "}");
    }

    @Override
    protected EncodedEvent poisonEvent(final Change change) {
        // The topic is made of the key, and there is none.
        return new EventFixture().document("text/plain", EventFixture.utf8("number " + change.number()));
    }

    @Override
    protected List<Change> arrivals() {
        return List.copyOf(arrivals);
    }

    @Override
    protected TargetKind targetKind() {
        return TargetKind.APPENDS_AT_LEAST_ONCE;
    }

    @Override
    protected void stopOutside() {
        network.cut();
    }

    @Override
    protected void startOutside() {
        network.mend();
    }

    @Override
    protected void hangTarget() {
        network.hold();
    }

    @Override
    protected void resumeTarget() {
        network.release();
    }

    @Override
    protected boolean mayOutlive(final Thread thread) {
        return HiveMqBroker.isThreadOfTest(thread);
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }
}
