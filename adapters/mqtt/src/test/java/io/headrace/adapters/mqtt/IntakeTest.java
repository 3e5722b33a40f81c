package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.headrace.bus.BusContext;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** One thread that is the event loop, whose time and tasks belong to the test; the bus is real. */
class IntakeTest {
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final Queue<Runnable> dueNow = new ArrayDeque<>();
    private final Queue<Runnable> dueLater = new ArrayDeque<>();
    private long nowNs;
    private int acknowledged;
    private final BusRig rig = new BusRig(
        new BusContext().ring(64, 256).clocks(() -> nowNs, new SystemEpochNanoClock()));
    private final Intake intake = new Intake(
        TestOptions.source(TestOptions.broker(1883, MqttBrokerOptions.MQTT_5), "#", 1), rig.sourceContext(),
        (ScheduledExecutorService)Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {ScheduledExecutorService.class}, this::onLoopCall));

    private Object onLoopCall(final Object loop, final Method method, final Object[] arguments) {
        (switch (method.getName()) {
            case "execute" -> dueNow;
            case "schedule" -> dueLater;
            default -> throw new AssertionError(method);
        }).add((Runnable)arguments[0]);
        return null;
    }

    /** A message as the library hands it over: one made by its builder cannot be acknowledged. */
    private Mqtt5Publish newMessage() {
        final Mqtt5Publish message = Mqtt5Publish.builder().topic("plant/temperature").payload(new byte[] {'1'})
            .qos(MqttQos.AT_LEAST_ONCE).build();
        return (Mqtt5Publish)Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Mqtt5Publish.class}, (proxy, method, arguments) -> {
                if ("acknowledge".equals(method.getName())) {
                    acknowledged++;
                    return null;
                }
                try {
                    return method.invoke(message, arguments);
                } catch (final InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    }

    @AfterEach
    void closeBus() {
        rig.close();
    }

    @Test
    void shouldAcknowledgeWithoutATimerWhatIsFinishedSoon() {
        intake.onPublish(newMessage());
        dueNow.remove().run();
        assertEquals(0, acknowledged, "no subscription has finished it");
        rig.poll();
        dueNow.remove().run();
        assertEquals(1, acknowledged);
        assertEquals(0, dueNow.size() + dueLater.size(), "there is nothing more to look at");
    }

    @Test
    void shouldLookWithPausesWhenItTakesLonger() {
        intake.onPublish(newMessage());
        nowNs += LOOK_NS;
        dueNow.remove().run();
        assertEquals(0, dueNow.size());
        rig.poll();
        dueLater.remove().run();
        assertEquals(1, acknowledged);
        assertEquals(0, dueNow.size() + dueLater.size());
    }

    /** The sinks are slow, and nobody gains from a thread that looks all the time. */
    @Test
    void shouldLookWithPausesWhileAnEarlierOneWaits() {
        intake.onPublish(newMessage());
        nowNs += LOOK_NS;
        intake.onPublish(newMessage());
        dueNow.remove().run();
        dueLater.remove().run();
        assertEquals(0, dueNow.size());
        rig.poll();
        dueLater.remove().run();
        assertEquals(2, acknowledged);
        intake.onPublish(newMessage());
        assertEquals(1, dueNow.size(), "all before it are acknowledged");
    }
}
