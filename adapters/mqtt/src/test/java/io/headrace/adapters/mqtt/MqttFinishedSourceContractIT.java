package io.headrace.adapters.mqtt;

import io.headrace.adapters.mqtt.MqttSourceOptions.AcknowledgeWhen;
import io.headrace.adapters.testkit.Ability;

import java.util.Map;

/** With acknowledge: finished the broker keeps, and gives again, what no lossless subscription has finished. */
class MqttFinishedSourceContractIT extends MqttSourceContractSuite {
    MqttFinishedSourceContractIT() {
        super(5);
    }

    @Override
    protected MqttSourceOptions options() {
        final MqttSourceOptions options = super.options();
        return new MqttSourceOptions(
            options.broker(), options.subscriptions(), options.rules(), options.topic(), options.messageIdProperty(),
            AcknowledgeWhen.FINISHED, options.cleanStart(), options.sessionExpiry(), options.receiveMaximum());
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of();
    }

    /** The broker sends only so many messages that are not acknowledged. */
    @Override
    protected boolean waitsByItself() {
        return true;
    }
}
