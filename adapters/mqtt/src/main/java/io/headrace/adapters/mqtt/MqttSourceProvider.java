package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

import java.util.List;

/** The thread that starts the service or runs a command, no state: makes MQTT sources. */
public final class MqttSourceProvider implements SourceProvider<MqttSourceOptions> {
    /** For the service loader. */
    public MqttSourceProvider() {
    }

    @Override
    public String type() {
        return "mqtt";
    }

    @Override
    public String description() {
        return "Subscribes to an MQTT 5 or 3.1.1 broker and publishes its messages as readings or documents.";
    }

    @Override
    public Class<MqttSourceOptions> optionsType() {
        return MqttSourceOptions.class;
    }

    @Override
    public Source createSource(final MqttSourceOptions options, final SourceContext context) {
        Problems.refuse(Problems.of(options));
        return new MqttSource(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final MqttSourceOptions options) {
        return Preflight.source(options);
    }
}
