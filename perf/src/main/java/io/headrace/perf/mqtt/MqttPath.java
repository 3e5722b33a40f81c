package io.headrace.perf.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Loopback;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.Semaphore;

/**
 * The sending thread, those of the publisher's client, and the subscriber's: publishes to a broker of its own, with no
 * more messages under way than that allows. The publisher is the same in every arm.
 */
final class MqttPath implements EventPath {
    /** The topic of all messages. */
    static final String TOPIC = "measured";

    private final Semaphore underWay = new Semaphore(Broker.RECEIVE_MAXIMUM);
    private final MqttQos qos;
    private final int payloadBytes;
    private final Broker broker;
    private final AutoCloseable subscriber;
    private final Mqtt5AsyncClient client;
    private volatile Throwable failure;

    /** What is measured: subscribes to {@link #TOPIC} and gives each message to the receiver. */
    @FunctionalInterface
    interface SubscriberFactory {
        /**
         * Makes it.
         *
         * @param port     of the broker.
         * @param qos      to subscribe with.
         * @param receiver of the messages.
         * @return the subscriber, subscribed.
         */
        AutoCloseable open(int port, MqttQos qos, Receiver receiver) throws Exception;
    }

    MqttPath(final MqttQos qos, final int payloadBytes, final Receiver receiver, final SubscriberFactory factory)
        throws Exception {
        this.qos = qos;
        this.payloadBytes = payloadBytes;
        broker = Broker.start();
        try {
            subscriber = factory.open(broker.port(), qos, receiver);
            client = MqttClient.builder().useMqttVersion5().identifier("publisher")
                .serverHost(Loopback.HOST).serverPort(broker.port()).buildAsync();
            client.toBlocking().connect();
        } catch (final Exception e) {
            broker.close();
            throw e;
        }
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        if (failure != null) {
            throw new IllegalStateException("the broker did not take a message", failure);
        }
        underWay.acquireUninterruptibly();
        final byte[] payload = new byte[payloadBytes];
        Stamp.write(new UnsafeBuffer(payload), number, intendedNs, sentNs);
        client.publishWith().topic(TOPIC).qos(qos).payload(payload).send().whenComplete(this::onTaken);
    }

    private void onTaken(final Mqtt5PublishResult result, final Throwable cause) {
        if (cause != null) {
            failure = cause;
        }
        underWay.release();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(() -> client.toBlocking().disconnect(), subscriber, broker);
    }
}
