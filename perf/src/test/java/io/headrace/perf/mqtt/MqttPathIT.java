package io.headrace.perf.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.headrace.perf.mqtt.MqttPath.SubscriberFactory;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The ways of S11 through a real broker. */
class MqttPathIT {
    private static final int EVENTS = 3000;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** What the arms subscribe with. */
    enum Way {
        CLIENT(ClientSubscriber::byDefault),
        CLIENT_ON_ITS_LOOP(ClientSubscriber::onItsLoop),
        HEADRACE((port, qos, receiver) -> new ServiceSubscriber(port, qos, "eco", receiver));

        private final SubscriberFactory factory;

        Way(final SubscriberFactory factory) {
            this.factory = factory;
        }
    }

    /** More than may be under way at once, so that the sender has to wait. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldBringEveryMessageOnceAndInOrder(final Way way) throws Exception {
        final Receiver receiver = new Receiver();
        try (EventPath path =
                 new MqttPath(MqttQos.AT_LEAST_ONCE, EventPath.MIN_PAYLOAD_BYTES, receiver, way.factory)) {
            for (int i = 0; i < EVENTS; i++) {
                final long nowNs = System.nanoTime();
                path.send(i, nowNs, nowNs);
            }
            Awaitility.await().atMost(TIMEOUT).until(() -> receiver.arrivedCount() >= EVENTS);
        }
        assertEquals(0, receiver.check().lost(EVENTS));
        assertEquals(0, receiver.check().duplicates());
        assertEquals(0, receiver.check().outOfOrder());
    }
}
