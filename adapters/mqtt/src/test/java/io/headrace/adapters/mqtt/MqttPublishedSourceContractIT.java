package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;

/** With acknowledge: published the broker forgets what is on the bus, and never waits for a subscription. */
class MqttPublishedSourceContractIT extends MqttSourceContractSuite {
    MqttPublishedSourceContractIT() {
        super(MqttBrokerOptions.MQTT_5, AcknowledgeWhen.PUBLISHED);
    }
}
