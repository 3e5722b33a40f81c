package io.headrace.aeron.log;

import io.headrace.bus.log.EventLogContext;

import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/**
 * A process that writes a log at full speed until it is killed. It tells on its standard output what it is about to do,
 * and then again and again one past the last sequence that counts as recorded.
 */
final class CrashingWriter {
    static final long OPENING = -1;
    private static final int BURST_COUNT = 200;
    private static final int KEPT_BYTES = 32 << 20;

    private CrashingWriter() {
    }

    static EventLogContext context(final Path folder) {
        return new EventLogContext()
            .folder(folder)
            .termLengthBytes(1 << 20)
            .segmentLengthBytes(1 << 22)
            .retention(Optional.empty(), KEPT_BYTES);
    }

    public static void main(final String[] args) throws IOException {
        System.setOut(System.err);
        final Random random = new Random(Long.parseLong(args[1]));
        final DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        out.writeLong(OPENING);
        try (AeronEventLog log = AeronEventLog.open(context(Path.of(args[0])))) {
            final TestRecords records = new TestRecords(log);
            for (long burst = 0; true; burst++) {
                for (int i = 0; i < BURST_COUNT; i++) {
                    records.append(lengthBytes(random));
                }
                if (burst % 100 == 0) {
                    log.retain(Long.MAX_VALUE, Long.MAX_VALUE, 0);
                }
                log.doWork();
                out.writeLong(records.recordedSequence());
            }
        }
    }

    /** Mostly small, some of several pages, and now and then one of several frames. */
    static int lengthBytes(final Random random) {
        final int kind = random.nextInt(1_000);
        if (kind < 2) {
            return 66_000 + random.nextInt(60_000);
        }
        return kind < 50 ? 5_000 + random.nextInt(3_000) : random.nextInt(300);
    }
}
