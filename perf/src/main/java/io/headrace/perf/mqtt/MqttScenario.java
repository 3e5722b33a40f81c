package io.headrace.perf.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.headrace.perf.mqtt.MqttPath.SubscriberFactory;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;

import java.util.List;

/** S11: how long a message takes through a broker and the MQTT source to a handler. */
public final class MqttScenario implements Scenario {
    private static final int RATE = 1000;

    @Override
    public String id() {
        return "S11";
    }

    @Override
    public String question() {
        return "How long does an MQTT message take from the schedule through a broker to a handler, with QoS 1 and 0, "
            + "beside the client library's own callback?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(
            comparison("QoS 1", MqttQos.AT_LEAST_ONCE, settings),
            comparison("QoS 0", MqttQos.AT_MOST_ONCE, settings));
    }

    private static Comparison comparison(final String name, final MqttQos qos, final Settings settings) {
        final String waitProfile = settings.wait("eco");
        return new Comparison(name, settings.rate(RATE) + "/s, " + settings.payload(32) + " B, " + waitProfile, List.of(
            Arm.baseline("client", run -> measure(run, qos, ClientSubscriber::byDefault)),
            Arm.subject("headrace", run -> measure(run, qos, (port, subscribed, receiver) ->
                new ServiceSubscriber(port, subscribed, waitProfile, receiver))),
            Arm.peer("client-on-its-loop", run -> measure(run, qos, ClientSubscriber::onItsLoop))),
            List.of(Metric.less("response p50", "µs"), Metric.less("response p99", "µs"),
                Metric.less("service p50", "µs")));
    }

    private static void measure(final ArmRun run, final MqttQos qos, final SubscriberFactory factory)
        throws Exception {
        final Settings settings = run.settings();
        OpenLoop.measure(run, (receivers, payloadBytes, waitProfile) ->
            new MqttPath(qos, payloadBytes, receivers.get(0), factory), 1, settings.rate(RATE),
            settings.seconds(2, 10), settings.seconds(2, 20), 0);
    }
}
