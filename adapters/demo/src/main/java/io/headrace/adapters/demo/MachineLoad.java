package io.headrace.adapters.demo;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.headrace.bus.latency.LatencySummary;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Simulated machines: each has its own connection to the broker, over which it sends numbered readings and, now and
 * then, a fault, all with QoS 1. One thread sends the readings of all machines, another one the faults. What counts as
 * published is what the broker has acknowledged. Started and stopped by one thread.
 */
final class MachineLoad {
    private static final Logger LOG = LoggerFactory.getLogger(MachineLoad.class);
    private static final int MAX_IN_FLIGHT = 4096;
    private static final int ACKNOWLEDGEMENT_TIMEOUT_S = 10;
    private static final String JSON = "application/json";

    private final List<Mqtt5AsyncClient> clients = new ArrayList<>();
    private final DemoOptions options;
    private final PublishedLog readings;
    private final PublishedLog faults;
    private final Map<Long, String> faultPayloads = new ConcurrentHashMap<>();
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final List<Thread> threads = new ArrayList<>();
    private Pacer readingPacer = new Pacer(System::nanoTime, 1, 0, 0);
    private Pacer faultPacer = new Pacer(System::nanoTime, 1, 0, 0);
    private volatile boolean stopped;
    private volatile String failure;

    /** Connects the machines. */
    MachineLoad(
        final MqttBroker broker, final DemoOptions options, final PublishedLog readings, final PublishedLog faults) {
        this.options = options;
        this.readings = readings;
        this.faults = faults;
        for (int i = 0; i < Machines.COUNT; i++) {
            clients.add(broker.connect(Machines.name(i)));
        }
    }

    void start(final long durationNs) {
        final long startNs = System.nanoTime();
        readingPacer = new Pacer(System::nanoTime, options.readingsPerSecond(), startNs, durationNs);
        faultPacer = new Pacer(System::nanoTime, options.faultsPerSecond(), startNs, durationNs);
        start("readings", this::sendReadings);
        start("faults", this::sendFaults);
    }

    private void start(final String what, final Runnable work) {
        final Thread thread = new Thread(work, "headrace-demo-" + what);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void sendReadings() {
        for (long n = 0; readingPacer.awaitNext(() -> stopped); n++) {
            final int machine = (int)(n % Machines.COUNT);
            final long number = n / Machines.COUNT;
            final long identity = Machines.readingIdentity(machine, number);
            final String payload =
                Machines.readingPayload(options.seed(), identity, SystemEpochNanoClock.INSTANCE.nanoTime());
            send(machine, Machines.readingTopic(machine, number), Machines.readingId(machine, number), payload,
                () -> readings.add(identity));
        }
    }

    private void sendFaults() {
        final SplittableRandom random = new SplittableRandom(options.seed());
        for (long n = 1; faultPacer.awaitNext(() -> stopped); n++) {
            final long number = n;
            final int machine = random.nextInt(Machines.COUNT);
            final String payload = Machines.faultPayload(number, machine, random);
            faultPayloads.put(number, payload);
            send(machine, Machines.faultTopic(machine), Machines.faultId(number), payload, () -> faults.add(number));
        }
    }

    private void send(
        final int machine, final String topic, final String id, final String payload, final Runnable taken) {
        // A broker that does not answer must not fill the memory; the lateness of the load shows that it waited.
        inFlight.acquireUninterruptibly();
        clients.get(machine).publishWith()
            .topic(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .contentType(JSON)
            .userProperties().add(DemoConfiguration.MESSAGE_ID_PROPERTY, id).applyUserProperties()
            .payload(payload.getBytes(StandardCharsets.UTF_8))
            .send()
            .whenComplete((result, cause) -> {
                if (cause == null) {
                    taken.run();
                } else {
                    LOG.error("The broker did not take {}", id, cause);
                    failure = "the broker did not take " + id + ": " + cause.getMessage();
                }
                inFlight.release();
            });
    }

    /** Ends the load, if it has not ended by itself, and waits for the broker's answers. */
    void stop() throws InterruptedException {
        stopped = true;
        for (final Thread thread : threads) {
            thread.join();
        }
        if (!inFlight.tryAcquire(MAX_IN_FLIGHT, ACKNOWLEDGEMENT_TIMEOUT_S, TimeUnit.SECONDS)) {
            failure = "the broker did not acknowledge all messages within " + ACKNOWLEDGEMENT_TIMEOUT_S + " s";
        }
        clients.forEach(client -> client.disconnect().whenComplete((result, cause) -> {
            if (cause != null) {
                LOG.warn("A machine did not disconnect well", cause);
            }
        }));
    }

    /** {@return the payload of each fault that was sent, by its number} */
    Map<Long, String> faultPayloads() {
        return faultPayloads;
    }

    /** {@return why the load failed, if it did} */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** {@return how late the readings were sent; after the end} */
    LatencySummary readingLateness() {
        return Pacer.summary(List.of(readingPacer));
    }

    /** {@return how late the faults were sent; after the end} */
    LatencySummary faultLateness() {
        return Pacer.summary(List.of(faultPacer));
    }
}
