package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the broker is and how to speak with it; the same for sources and sinks. Immutable.
 *
 * @param host              of the broker.
 * @param port              of the broker.
 * @param version           of MQTT.
 * @param clientId          under which the broker knows us.
 * @param user              to log in as.
 * @param password          of that user.
 * @param tls               how to speak TLS; plain TCP without it.
 * @param keepAlive         the longest silence before a ping.
 * @param connectTimeout    the longest wait for a connection and for an answer to a subscription.
 * @param reconnectDelay    before the first attempt to reconnect.
 * @param reconnectMaxDelay the longest delay between attempts.
 */
public record MqttBrokerOptions(
    @Option(value = "Host name or address of the broker.", example = "broker.plant.example")
    String host,
    @Option(value = "TCP port of the broker; 8883 is usual with TLS.", defaultValue = "1883", min = "1", max = "65535")
    int port,
    @Option(value = "Version of MQTT to speak: 5, or 3 for MQTT 3.1.1.", defaultValue = "5", min = "3", max = "5")
    int version,
    @Option(value = "Client id under which the broker keeps our session; no two clients may share one. By default "
        + "headrace- and the adapter's name; a sink with several lanes appends - and the lane.",
        example = "headrace-hall-3")
    Optional<String> clientId,
    @Option("User name to log in with.")
    Optional<String> user,
    @Option("Password of the user.")
    Optional<Secret> password,
    @Option("Speak TLS; an empty section trusts the authorities of the Java runtime.")
    Optional<MqttTlsOptions> tls,
    @Option(value = "The longest silence, after which the client pings the broker; 0s turns pings off.",
        defaultValue = "30s", min = "0s", max = "65535s")
    Duration keepAlive,
    @Option(value = "The longest wait for a connection, a login and the answer to a subscription.",
        defaultValue = "10s", min = "100ms", max = "5m")
    Duration connectTimeout,
    @Option(value = "Delay before the first attempt to reconnect; it doubles with each failed one and varies by a "
        + "quarter, so that many clients do not return at once.", defaultValue = "200ms", min = "10ms", max = "10m")
    Duration reconnectDelay,
    @Option(value = "The longest delay between two attempts to reconnect.", defaultValue = "30s", min = "10ms",
        max = "1h")
    Duration reconnectMaxDelay) implements CheckedOptions {

    static final int MQTT_5 = 5;
    static final int MQTT_3 = 3;

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (version != MQTT_5 && version != MQTT_3) {
            problems.add(new OptionProblem("version", "version=" + version + " is not a version of MQTT that we speak",
                "write 5, or 3 for MQTT 3.1.1"));
        }
        if (version == MQTT_3 && password.isPresent() && user.isEmpty()) {
            problems.add(new OptionProblem("user", "MQTT 3.1.1 allows no password without a user", "give a user"));
        }
        if (reconnectMaxDelay.compareTo(reconnectDelay) < 0) {
            problems.add(new OptionProblem("reconnectMaxDelay", "it is shorter than reconnect-delay",
                "give at least " + reconnectDelay.toMillis() + "ms"));
        }
        return problems;
    }

    /** Host and port, for a person. */
    String address() {
        return host + ":" + port;
    }
}
