package io.headrace.perf.log;

import org.agrona.concurrent.UnsafeBuffer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that measures, senders with a thread each that share one producer, the producer's own thread, which takes
 * the answers, and the broker's: a topic of one partition on a Kafka broker in this JVM. A synced topic is flushed
 * before each answer. Every answer is counted, and the last offset must be that of the last event.
 */
final class KafkaAppender implements Appender {
    private static final int SENDERS = 32;
    private static final String TOPIC = "measured";
    /** One sync serves a batch: by default it would be 16 kB, a small part of what the other arms sync together. */
    private static final int BATCH_BYTES = 512 << 10;

    private final KafkaBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong answeredCount = new AtomicLong();
    private volatile long answeredNs;
    private volatile long lastOffset = -1;
    private volatile Exception failure;
    private long sentCount;

    private KafkaAppender(final Path folder, final boolean sync, final Map<String, Object> settings) throws Exception {
        broker = KafkaBroker.start(folder.resolve("kafka"));
        try {
            broker.createTopic(TOPIC, sync);
            settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (final Exception e) {
            broker.close();
            throw e;
        }
    }

    /** For one event at a time, which goes at once: there is nothing to wait for that could join it. */
    static KafkaAppender eager(final Path folder, final boolean sync) throws Exception {
        final Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaAppender(folder, sync, settings);
    }

    /** For many events, in batches that the producer waits for as it does by default. */
    static KafkaAppender batching(final Path folder, final boolean sync) throws Exception {
        final Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return new KafkaAppender(folder, sync, settings);
    }

    @Override
    public long append(final long number) throws InterruptedException, ExecutionException {
        // Answered after the callback has run; this thread leaves its core to Kafka meanwhile.
        final long offset = producer.send(event(number), this::onAnswer).get().offset();
        if (offset != sentCount++) {
            throw new IllegalStateException("event " + number + " came to offset " + offset);
        }
        return answeredNs;
    }

    @Override
    public void appendAll(final long count) throws InterruptedException {
        SendingThreads.run(SENDERS, count, (thread, share) -> {
            for (long i = 0; i < share; i++) {
                producer.send(event(i), this::onAnswer);
            }
        });
        producer.flush();
        sentCount += count;
        if (failure != null || answeredCount.get() != sentCount || lastOffset != sentCount - 1) {
            throw new IllegalStateException("sent " + sentCount + ", answered " + answeredCount + ", last offset "
                + lastOffset, failure);
        }
    }

    private static ProducerRecord<byte[], byte[]> event(final long number) {
        final byte[] value = new byte[LoggedBus.EVENT_BYTES];
        new UnsafeBuffer(value).putLong(0, number);
        return new ProducerRecord<>(TOPIC, value);
    }

    private void onAnswer(final RecordMetadata metadata, final Exception cause) {
        if (cause == null) {
            answeredNs = System.nanoTime();
            lastOffset = metadata.offset();
            answeredCount.incrementAndGet();
        } else {
            failure = cause;
        }
    }

    @Override
    public void rest() {
        LockSupport.parkNanos(1);
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
