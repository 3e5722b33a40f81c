package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;
import io.headrace.adapters.testkit.Ability;
import io.headrace.adapters.testkit.SourceContract;
import io.headrace.adapters.testkit.SourceTraits;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.sbe.EventKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The source with QoS 1 keeps the contract of sources, against a real broker behind a network that can be cut. */
abstract class MqttSourceContractSuite extends SourceContract<MqttSourceOptions> {
    private static HiveMqBroker broker;
    private static TcpProxy network;

    private final int version;
    private final AcknowledgeWhen acknowledge;
    private String root;
    private Mqtt5BlockingClient machine;

    MqttSourceContractSuite(final int version, final AcknowledgeWhen acknowledge) {
        this.version = version;
        this.acknowledge = acknowledge;
    }

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
    void connect() {
        root = "t" + UUID.randomUUID().toString().substring(0, 8);
        machine = broker.client();
    }

    @AfterEach
    void disconnect() {
        machine.disconnect();
    }

    @Override
    protected MqttSourceProvider provider() {
        return new MqttSourceProvider();
    }

    private MqttSourceOptions options(final String password) {
        final MqttBrokerOptions options = new MqttBrokerOptions(
            "localhost", network.port(), version, Optional.of("source-" + root), Optional.of(HiveMqBroker.USER),
            Optional.of(new io.headrace.bus.adapter.Secret(password)), Optional.empty(), Duration.ofSeconds(30),
            Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofMillis(500));
        return TestOptions.source(
            options, root + "/#", 1, acknowledge, 1024, TestOptions.jsonRule(root + "/n", "{1}"));
    }

    @Override
    protected MqttSourceOptions options() {
        return options(HiveMqBroker.PASSWORD);
    }

    @Override
    protected MqttSourceOptions wrongCredentials() {
        return options("wrong");
    }

    @Override
    protected MqttSourceOptions wrongOptions() {
        final MqttSourceOptions good = options();
        return new MqttSourceOptions(
            good.broker(), List.of(new MqttSubscriptionOptions(HiveMqBroker.DENIED_TOPIC, 1)), good.rules(),
            good.topic(), good.messageIdProperty(), good.acknowledge(), good.cleanStart(), good.sessionExpiry(),
            good.receiveMaximum());
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return acknowledge == AcknowledgeWhen.RECORDED ? Map.of() : Map.of(Ability.CONFIRMATION,
            "with acknowledge: published the broker is told when an event is on the bus");
    }

    /** The broker sends only so many messages that are not acknowledged. */
    @Override
    protected boolean waitsByItself() {
        return acknowledge == AcknowledgeWhen.RECORDED;
    }

    @Override
    protected SourceTraits traits() {
        return new SourceTraits(true, true, false, true, SourceTraits.Duplicates.AFTER_RECONNECT);
    }

    @Override
    protected Set<String> droppedCounters() {
        return Set.of("dropped-messages");
    }

    @Override
    protected void makeChanges(final long firstNumber, final int count) {
        for (long number = firstNumber; number < firstNumber + count; number++) {
            send("{\"value\": " + number + "}");
        }
    }

    private void send(final String payload) {
        machine.publishWith().topic(root + "/n").payload(payload.getBytes(StandardCharsets.UTF_8))
            .qos(MqttQos.AT_LEAST_ONCE).send();
    }

    @Override
    protected long numberOf(final EventView event) {
        final ReadingView reading = new ReadingView();
        return event.kind() == EventKind.READING && isReadable(event, reading) ? reading.longValue() : -1;
    }

    private static boolean isReadable(final EventView event, final ReadingView reading) {
        return reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength())
            == io.headrace.codecs.DecodeError.NONE;
    }

    @Override
    protected void sendMalformedInput() {
        send("{\"value\": ");
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
    protected boolean mayOutlive(final Thread thread) {
        return HiveMqBroker.isThreadOfTest(thread);
    }
}
