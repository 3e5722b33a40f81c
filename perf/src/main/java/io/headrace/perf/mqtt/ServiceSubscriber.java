package io.headrace.perf.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.perf.rig.ConfiguredService;
import io.headrace.perf.rig.Loopback;
import io.headrace.perf.rig.Receiver;
import io.headrace.perf.rig.Stamp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The subscription's thread: a whole service without an event log, with an MQTT source and one direct handler. No rule
 * matches, so that each message is a document with its bytes as they came.
 */
final class ServiceSubscriber implements AutoCloseable {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final DocumentView document = new DocumentView();
    private final Receiver receiver;
    private final HeadraceService service;

    ServiceSubscriber(final int port, final MqttQos qos, final String waitProfile, final Receiver receiver)
        throws Exception {
        this.receiver = receiver;
        service = ConfiguredService.of("""
            bus: {wait-profile: %s}
            sources:
              machines:
                type: mqtt
                options:
                  broker: {host: %s, port: %d}
                  subscriptions:
                    - {filter: %s, qos: %d}
                  session-expiry: 0s
            """.formatted(waitProfile, Loopback.HOST, port, MqttPath.TOPIC, qos.getCode()));
        service.bus().subscribe("measured", TopicSelector.of("machines." + MqttPath.TOPIC), this::onEvent);
        service.start();
        awaitSubscribed();
    }

    private void awaitSubscribed() {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        SourceStatus source = service.status().sources().get(0);
        while (source.health() != Health.State.UP) {
            if (System.nanoTime() - deadlineNs > 0) {
                service.close();
                throw new IllegalStateException("the source is " + source.health() + ": " + source.reason());
            }
            LockSupport.parkNanos(LOOK_NS);
            source = service.status().sources().get(0);
        }
    }

    private void onEvent(final EventView event) {
        final DecodeError error = document.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
        if (error != DecodeError.NONE) {
            throw new IllegalStateException("error=" + error);
        }
        Stamp.receive(receiver, document.buffer(), document.bodyOffset());
    }

    @Override
    public void close() {
        service.close();
    }
}
