package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.headrace.adapters.mqtt.BusRig.Received;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.PreflightFinding;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.adapter.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens when the broker refuses, is not trusted, or goes away in mid-stream. */
class MqttFailuresIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private Path folder;

    private static Source start(final MqttSourceOptions options, final BusRig rig) {
        final Source source = new MqttSourceProvider().createSource(options, rig.sourceContext());
        source.start();
        return source;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldSayThatThePasswordIsWrong(final int version) {
        try (HiveMqBroker broker = HiveMqBroker.withLogin(); BusRig rig = new BusRig(64)) {
            final MqttSourceOptions wrong = TestOptions.source(TestOptions.broker(
                broker.port(), version, Optional.of(HiveMqBroker.USER), Optional.of("no"), Optional.empty()), "#", 1);
            final Source source = start(wrong, rig);
            try {
                await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.DOWN);
                assertTrue(rig.health().reason().contains("check user and password of user plant"),
                    rig.health().reason());
            } finally {
                source.close();
            }
            final List<PreflightFinding> findings = new MqttSourceProvider().preflight(wrong);
            assertEquals("check user and password of user plant", findings.get(findings.size() - 1).remedy());
            final MqttSourceOptions denied = TestOptions.source(TestOptions.broker(broker.port(), version,
                Optional.of(HiveMqBroker.USER), Optional.of(HiveMqBroker.PASSWORD), Optional.empty()),
                HiveMqBroker.DENIED_TOPIC, 1);
            final PreflightFinding last = new MqttSourceProvider().preflight(denied).get(2);
            assertEquals(PreflightFinding.Status.FAILED, last.status(), last.toString());
            assertEquals("allow user plant to subscribe to denied/topic", last.remedy());
        }
    }

    @Test
    void shouldSpeakTlsWithPemFilesAndKeyStores() throws Exception {
        final Path store = keyStore("localhost");
        final Path certificate =
            pem(store, "broker.pem", "CERTIFICATE", loaded(store).getCertificate("k").getEncoded());
        final Path key = pem(store, "key.pem", "PRIVATE KEY",
            loaded(store).getKey("k", STORE_PASSWORD.toCharArray()).getEncoded());
        try (HiveMqBroker broker = HiveMqBroker.withTls(store, STORE_PASSWORD, true)) {
            final String path = certificate.toString();
            secured(broker, tls(Optional.of(path), Optional.empty(), Optional.of(path), Optional.of(key.toString()),
                Optional.empty()));
            secured(broker, tls(Optional.empty(), Optional.of(store.toString()), Optional.empty(), Optional.empty(),
                Optional.of(store.toString())));
            try (BusRig rig = new BusRig(64)) {
                // Without the authority: the certificate is not trusted.
                final Source source = start(source(broker, tls(Optional.empty(), Optional.empty(), Optional.of(path),
                    Optional.of(key.toString()), Optional.empty())), rig);
                try {
                    await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.DOWN);
                } finally {
                    source.close();
                }
                assertTrue(rig.health().reason().contains("is not trusted"), rig.health().reason());
            }
        }
    }

    private static void secured(final HiveMqBroker broker, final MqttTlsOptions tls) {
        try (BusRig rig = new BusRig(64)) {
            final MqttSourceOptions options = source(broker, tls);
            assertTrue(new MqttSourceProvider().preflight(options).stream()
                .allMatch(finding -> finding.status() == PreflightFinding.Status.OK));
            final Source source = start(options, rig);
            try {
                await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.UP);
            } finally {
                source.close();
            }
        }
    }

    private static MqttSourceOptions source(final HiveMqBroker broker, final MqttTlsOptions tls) {
        return TestOptions.source(TestOptions.broker(
            broker.port(), 5, Optional.empty(), Optional.empty(), Optional.of(tls)), "#", 1);
    }

    private static MqttTlsOptions tls(
        final Optional<String> trustCertificates,
        final Optional<String> trustStore,
        final Optional<String> certificate,
        final Optional<String> privateKey,
        final Optional<String> keyStore) {
        final Optional<Secret> password = Optional.of(new Secret(STORE_PASSWORD));
        return new MqttTlsOptions(
            trustCertificates, trustStore, trustStore.flatMap(file -> password), certificate, privateKey,
            Optional.empty(), keyStore, keyStore.flatMap(file -> password), List.of(), true);
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        try (BusRig rig = new BusRig(64)) {
            final MqttSourceOptions options = TestOptions.source(TestOptions.broker(1, 5, Optional.empty(),
                Optional.empty(), Optional.of(tls(Optional.of("/no/such/file"), Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty()))), "#", 1);
            final IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> new MqttSourceProvider().createSource(options, rig.sourceContext()));
            assertEquals("trust-certificates=/no/such/file cannot be used: there is no such file", e.getMessage());
        }
    }

    private Path keyStore(final String host) throws IOException, InterruptedException {
        final Path store = folder.resolve("broker.p12");
        final Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "k",
            "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "SAN=dns:" + host, "-validity", "2",
            "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD)
            .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile()).start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue(), Files.readString(folder.resolve("keytool.log")));
        return store;
    }

    private static KeyStore loaded(final Path store) throws Exception {
        return KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
    }

    private static Path pem(final Path store, final String name, final String kind, final byte[] der)
        throws IOException {
        return Files.writeString(store.resolveSibling(name), "-----BEGIN " + kind + "-----\n"
            + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 3})
    void shouldLoseNothingWhenTheBrokerRestartsUnderLoad(final int version) throws Exception {
        try (HiveMqBroker broker = HiveMqBroker.durable(); BusRig rig = new BusRig(1 << 15)) {
            final Source source =
                start(TestOptions.source(TestOptions.broker(broker.port(), version), "load/#", 1), rig);
            final Load load = new Load(broker.port());
            try {
                await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.UP);
                load.start();
                await().atMost(PATIENCE).until(() -> rig.poll().size() > 500);
                broker.stop();
                await().atMost(PATIENCE).until(() -> rig.health().state() == Health.State.DOWN);
                broker.start();
                final long confirmedBefore = load.confirmed.size();
                await().atMost(PATIENCE).until(() -> {
                    rig.poll();
                    return rig.health().state() == Health.State.UP && load.confirmed.size() > confirmedBefore + 500;
                });
                load.stop();
                // Until here the handler was slow, and the broker has a backlog. Stepped each 100 ms it would go on at
                // 500 a second, as the broker sends some 50 messages ahead of their acknowledgements.
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertEquals(Set.of(), load.missing(rig.poll())));
            } finally {
                load.stop();
                source.close();
            }
            final List<Received> events = rig.poll();
            final int duplicateCount =
                events.size() - new HashSet<>(events.stream().map(Received::body).toList()).size();
            System.out.println("MQTT " + version + ": confirmed=" + load.confirmed.size() + " published="
                + events.size() + " duplicates=" + duplicateCount + " reconnects=" + rig.counter("reconnects")
                + " sessionsLost=" + rig.counter("sessions-lost"));
            assertTrue(rig.counter("reconnects") >= 1);
        }
    }

    /** A publisher with QoS 1 that goes on over restarts, and knows what the broker has confirmed to it. */
    private static final class Load {
        private static final int WINDOW = 20;
        private final Set<Integer> confirmed = new ConcurrentSkipListSet<>();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final Mqtt5AsyncClient client;
        private final Thread thread;

        Load(final int port) {
            client = Mqtt5Client.builder().serverHost("localhost").serverPort(port)
                .automaticReconnect().initialDelay(50, TimeUnit.MILLISECONDS).maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect().buildAsync();
            thread = new Thread(this::run, "load");
        }

        void start() {
            client.connectWith().cleanStart(false).sessionExpiryInterval(3600).send().join();
            thread.start();
        }

        private void run() {
            final java.util.concurrent.Semaphore window = new java.util.concurrent.Semaphore(WINDOW);
            for (int i = 0; running.get(); i++) {
                final int number = i;
                window.acquireUninterruptibly();
                client.publishWith().topic("load/" + i % 7).qos(MqttQos.AT_LEAST_ONCE)
                    .payload(Integer.toString(i).getBytes(StandardCharsets.UTF_8)).send()
                    .whenComplete((result, cause) -> {
                        window.release();
                        if (cause == null && result.getError().isEmpty()) {
                            confirmed.add(number);
                        }
                    });
            }
        }

        Set<Integer> missing(final List<Received> events) {
            final Set<Integer> missing = new TreeSet<>(confirmed);
            events.forEach(event -> missing.remove(Integer.parseInt(event.body())));
            return missing;
        }

        void stop() throws InterruptedException {
            if (running.getAndSet(false)) {
                thread.join(TimeUnit.SECONDS.toMillis(20));
                client.disconnect();
            }
        }
    }
}
