package io.headrace.adapters.mqtt;

/** In MQTT 5. */
class Mqtt5SourceContractIT extends MqttSourceContractSuite {
    Mqtt5SourceContractIT() {
        super(MqttBrokerOptions.MQTT_5, MqttSourceOptions.AcknowledgeWhen.RECORDED);
    }
}
