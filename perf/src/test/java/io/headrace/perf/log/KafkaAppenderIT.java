package io.headrace.perf.log;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The peer of S6 on a real broker. */
class KafkaAppenderIT {
    private static final int EVENTS = 2000;

    @TempDir
    private Path folder;

    @Test
    void shouldAppendOneByOneAndFromManyThreadsAndFindEveryEventAnswered() throws Exception {
        try (Appender appender = KafkaAppender.eager(folder, true)) {
            final long beginNs = System.nanoTime();
            final long firstNs = appender.append(0);
            final long secondNs = appender.append(1);
            assertTrue(beginNs < firstNs && firstNs < secondNs && secondNs <= System.nanoTime());
            appender.appendAll(EVENTS);
        }
        assertTrue(logBytes() >= (EVENTS + 2L) * LoggedBus.EVENT_BYTES, "the broker's log holds " + logBytes());
    }

    @Test
    void shouldFlushASyncedTopicAndNoOther() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder)) {
            broker.createTopic("synced", true);
            broker.createTopic("lazy", false);
            assertEquals("1", flushMessages(broker, "synced"));
            assertEquals(Long.toString(Long.MAX_VALUE), flushMessages(broker, "lazy"));
        }
    }

    /** After how many messages the broker says that it flushes a topic. */
    private static String flushMessages(final KafkaBroker broker, final String name) throws Exception {
        final ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        final Map<String, Object> settings =
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
        try (Admin admin = Admin.create(settings)) {
            return admin.describeConfigs(List.of(topic)).all().get().get(topic)
                .get(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG).value();
        }
    }

    private long logBytes() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("kafka"))) {
            return files.filter(file -> file.toString().contains("measured-0") && file.toString().endsWith(".log"))
                .mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
