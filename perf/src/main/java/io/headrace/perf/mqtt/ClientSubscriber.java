package io.headrace.perf.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.headrace.perf.rig.Loopback;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;
import io.reactivex.schedulers.Schedulers;
import org.agrona.concurrent.UnsafeBuffer;

/** The thread of the client library that calls back: the library alone. */
final class ClientSubscriber implements AutoCloseable {
    private final Mqtt5AsyncClient client;

    private ClientSubscriber(
        final MqttClientBuilder builder, final int port, final MqttQos qos, final Receiver receiver) {
        client = builder.useMqttVersion5().identifier("subscriber")
            .serverHost(Loopback.HOST).serverPort(port).buildAsync();
        client.toBlocking().connect();
        client.subscribeWith().topicFilter(MqttPath.TOPIC).qos(qos)
            .callback(publish -> Stamp.receive(receiver, new UnsafeBuffer(publish.getPayloadAsBytes()), 0))
            .send().join();
    }

    /** As it comes: it calls back on a thread beside that of its connection. */
    static ClientSubscriber byDefault(final int port, final MqttQos qos, final Receiver receiver) {
        return new ClientSubscriber(MqttClient.builder(), port, qos, receiver);
    }

    /** Told to call back on the thread of its connection. */
    static ClientSubscriber onItsLoop(final int port, final MqttQos qos, final Receiver receiver) {
        return new ClientSubscriber(MqttClient.builder().executorConfig()
            .applicationScheduler(Schedulers.from(Runnable::run)).applyExecutorConfig(), port, qos, receiver);
    }

    @Override
    public void close() {
        client.toBlocking().disconnect();
    }
}
