package io.headrace.adapters.mqtt;

/** In MQTT 3.1.1. */
class Mqtt3SourceContractIT extends MqttSourceContractSuite {
    Mqtt3SourceContractIT() {
        super(MqttBrokerOptions.MQTT_3, MqttSourceOptions.AcknowledgeWhen.RECORDED);
    }
}
