package io.headrace.adapters.file;

import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixtures;
import io.headrace.bus.adapter.EventBatch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A process that writes batches with a file sink until it is killed. For each batch that was delivered it prints the
 * last sequence.
 */
final class CrashingWriter {
    /** What stands before a sequence on the standard output, which also has what is logged. */
    static final String ACKNOWLEDGED = "acknowledged ";
    private static final int MAX_BATCH_EVENTS = 200;
    private static final int LARGE_EVERY = 20;
    private static final int LARGE_EVENT_BYTES = 20_000;
    private static final int ROTATE_BYTES = 32 * 1024;

    private CrashingWriter() {
    }

    /** Arguments: directory, first sequence, seed, format. */
    public static void main(final String[] arguments) throws Exception {
        final Random random = new Random(Long.parseLong(arguments[2]));
        final FileSink sink = sink(Path.of(arguments[0]), FileFormat.valueOf(arguments[3]), random);
        long sequence = Long.parseLong(arguments[1]);
        while (true) {
            final int count = 1 + random.nextInt(MAX_BATCH_EVENTS);
            sink.deliver(batch(sequence, count, random.nextInt(LARGE_EVERY) == 0));
            sequence += count;
            System.out.println(ACKNOWLEDGED + (sequence - 1));
        }
    }

    /** With a choice of all that changes what is on the disk at which moment. */
    static FileSink sink(final Path directory, final FileFormat format, final Random random) {
        final FileSync[] syncs = FileSync.values();
        final FileCompression[] compressions = FileCompression.values();
        return new FileSink(
            new FileSinkTest.Options(directory).rotateBytes(ROTATE_BYTES).rotateInterval(Duration.ZERO).format(format)
                .fsync(syncs[random.nextInt(syncs.length)])
                .compression(compressions[random.nextInt(compressions.length)])
                .build(),
            new TestSinkContext("2026-11-21T18:20:30Z"));
    }

    static EventBatch batch(final long fromSequence, final int count, final boolean large) {
        final List<EncodedEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final long sequence = fromSequence + i;
            final String key = "key-" + "x".repeat(large ? LARGE_EVENT_BYTES : (int)(sequence % 50));
            events.add(EventFixtures.numberedRow(key, sequence));
        }
        return EventFixtures.batch(fromSequence, events);
    }
}
