package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.util.List;

/** The thread that starts the service or runs a command, no state: makes MQTT sinks. */
public final class MqttSinkProvider implements SinkProvider<MqttSinkOptions> {
    private static final int MAX_LANES = 16;

    /** For the service loader. */
    public MqttSinkProvider() {
    }

    @Override
    public String type() {
        return "mqtt";
    }

    @Override
    public String description() {
        return "Publishes events to an MQTT 5 or 3.1.1 broker.";
    }

    @Override
    public Class<MqttSinkOptions> optionsType() {
        return MqttSinkOptions.class;
    }

    @Override
    public SinkCapabilities capabilities(final MqttSinkOptions options) {
        return new SinkCapabilities(MAX_LANES, false);
    }

    @Override
    public Sink createSink(final MqttSinkOptions options, final SinkContext context) {
        Problems.refuse(Problems.of(options));
        return new MqttSink(options, context);
    }

    @Override
    public List<PreflightFinding> preflight(final MqttSinkOptions options) {
        return Preflight.sink(options);
    }
}
