package io.headrace.adapters.mqtt;

/** In MQTT 5. */
class Mqtt5SourceContractIT extends MqttSourceContractSuite {
    Mqtt5SourceContractIT() {
        super(5);
    }
}
