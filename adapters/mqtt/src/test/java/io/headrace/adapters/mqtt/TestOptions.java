package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttRuleOptions.PayloadFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.QualityFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.TimeFormat;
import io.headrace.adapters.mqtt.MqttRuleOptions.ValueKind;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Options as a configuration would bind them. */
final class TestOptions {
    private TestOptions() {
    }

    static MqttBrokerOptions broker(final int port, final int version) {
        return broker(port, version, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static MqttBrokerOptions broker(
        final int port,
        final int version,
        final Optional<String> user,
        final Optional<String> password,
        final Optional<MqttTlsOptions> tls) {
        return new MqttBrokerOptions(
            "localhost", port, version, Optional.empty(), user, password.map(Secret::new), tls,
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(1));
    }

    static MqttSourceOptions source(
        final MqttBrokerOptions broker, final String filter, final int qos, final MqttRuleOptions... rules) {
        return source(broker, filter, qos, MqttSourceOptions.AcknowledgeWhen.RECORDED, 1024, rules);
    }

    static MqttSourceOptions source(
        final MqttBrokerOptions broker,
        final String filter,
        final int qos,
        final MqttSourceOptions.AcknowledgeWhen acknowledge,
        final int receiveMaximum,
        final MqttRuleOptions... rules) {
        return new MqttSourceOptions(
            broker, List.of(new MqttSubscriptionOptions(filter, qos)), List.of(rules), Optional.empty(),
            broker.version() == 5 ? Optional.of("id") : Optional.empty(), acknowledge, false, Duration.ofHours(1),
            receiveMaximum);
    }

    static MqttRuleOptions jsonRule(final String filter, final String sensor) {
        return new MqttRuleOptions(
            filter, sensor, PayloadFormat.JSON, "/value", ValueKind.AUTO, Optional.empty(), Optional.of("/unit"),
            Optional.of("/quality"), QualityFormat.TEXT, Optional.empty(), TimeFormat.ISO_8601, Optional.empty());
    }

    static MqttRuleOptions timedRule(final String filter, final String sensor, final TimeFormat format) {
        return new MqttRuleOptions(
            filter, sensor, PayloadFormat.JSON, "/value", ValueKind.AUTO, Optional.empty(), Optional.empty(),
            Optional.empty(), QualityFormat.TEXT, Optional.of("/ts"), format, Optional.empty());
    }

    static MqttRuleOptions textRule(final String filter, final String sensor, final ValueKind type) {
        return new MqttRuleOptions(
            filter, sensor, PayloadFormat.TEXT, "", type, Optional.of("°C"), Optional.empty(), Optional.empty(),
            QualityFormat.TEXT, Optional.empty(), TimeFormat.ISO_8601, Optional.empty());
    }

    static MqttSinkOptions sink(final MqttBrokerOptions broker, final String topic, final int qos) {
        return new MqttSinkOptions(broker, topic, qos, false, Optional.empty(), 64, Duration.ofSeconds(5));
    }
}
