package io.headrace.perf.log;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.headrace.perf.rig.Loopback;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real Kafka broker in this JVM, on the loopback, which is its own controller and has no replicas. Started and closed
 * by one thread.
 */
final class KafkaBroker implements AutoCloseable {
    private static final int NODE = 1;
    private static final String BROKER = "BROKER";
    private static final String CONTROLLER = "CONTROLLER";
    private static final RetryPolicy<Object> UNTIL_KNOWN = RetryPolicy.builder()
        .handleIf(cause -> cause.getCause() instanceof UnknownTopicOrPartitionException)
        .withDelay(Duration.ofMillis(10))
        .withMaxRetries(-1)
        .withMaxDuration(Duration.ofSeconds(30))
        .build();

    private final KafkaRaftServer server;
    private final String address;

    private KafkaBroker(final KafkaRaftServer server, final String address) {
        this.server = server;
        this.address = address;
    }

    /** Starts a broker that keeps everything in a folder. */
    static KafkaBroker start(final Path folder) throws Exception {
        new Formatter()
            .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(Uuid.randomUuid().toString())
            .addDirectory(folder.toString())
            .setMetadataLogDirectory(folder.toString())
            .setControllerListenerName(CONTROLLER)
            .setReleaseVersion(MetadataVersion.latestProduction())
            .run();
        final String address = Loopback.HOST + ":" + Loopback.freePort();
        final KafkaRaftServer server =
            new KafkaRaftServer(new KafkaConfig(settings(folder, address)), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(server, address);
    }

    private static Map<String, String> settings(final Path folder, final String address) throws Exception {
        final String controller = Loopback.HOST + ":" + Loopback.freePort();
        final Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        settings.put("controller.quorum.voters", NODE + "@" + controller);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("listeners", BROKER + "://" + address + "," + CONTROLLER + "://" + controller);
        settings.put("advertised.listeners", BROKER + "://" + address);
        settings.put("inter.broker.listener.name", BROKER);
        settings.put("listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.put("log.dirs", folder.toString());
        settings.put("auto.create.topics.enable", "false");
        // One broker holds the only copy of everything, the bookkeeping of producers among it.
        for (final String topic : List.of("offsets.topic", "transaction.state.log")) {
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        return settings;
    }

    String address() {
        return address;
    }

    /**
     * Makes a topic of one partition, and waits until the broker knows it, which learns a little later than the
     * controller answers.
     *
     * @param flushed whether the broker writes every batch to the disk before it answers.
     */
    void createTopic(final String name, final boolean flushed) throws Exception {
        final Map<String, Object> settings = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address);
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short)1).configs(
                flushed ? Map.of(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "1") : Map.of()))).all().get();
            Failsafe.with(UNTIL_KNOWN).run(() -> admin.describeTopics(List.of(name)).allTopicNames().get());
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
