package io.headrace.adapters.postgres.pgoutput;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** From the bytes of a message to the ring, a row leaves no garbage. */
class DecoderAllocationTest {
    private static final int STOCK = 16_384;
    private static final int WARM_UP_ROWS = 50_000;
    private static final int ROWS = 100_000;
    /** Compilation and the like allocate a little on any thread; one object per row would be 16 bytes. */
    private static final double MAX_BYTES_PER_ROW = 1;

    @TempDir
    Path spillDirectory;

    @Test
    void shouldAllocateNothingPerRow() {
        final Messages relation = Messages.of('R').int32(STOCK).text("public").text("stock").int8('f').int16(9)
            .int8(1).text("id").int32(23).int32(-1)
            .int8(1).text("item").int32(25).int32(-1)
            .int8(1).text("amount").int32(1700).int32(-1)
            .int8(1).text("weight").int32(701).int32(-1)
            .int8(1).text("at").int32(1184).int32(-1)
            .int8(1).text("day").int32(1082).int32(-1)
            .int8(1).text("code").int32(2950).int32(-1)
            .int8(1).text("raw").int32(17).int32(-1)
            .int8(1).text("mood").int32(DecoderFixture.MOOD_OID).int32(-1);
        final String[] values = {"4711", "hexagon bolt", "1234.5678", "0.30000000000000004",
            "2026-11-21 12:00:00.123456+00", "2026-11-21", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "\\x00ff", "fine"};
        final Messages[] transaction = {
            Messages.begin(0, 7),
            Messages.of('I').int32(STOCK).int8('N').tuple(values),
            Messages.of('U').int32(STOCK).int8('O').tuple(values).int8('N').tuple(values),
            Messages.of('D').int32(STOCK).int8('O').tuple(values),
            Messages.commit(0, 0)};
        try (DecoderFixture fixture = new DecoderFixture(spillDirectory, event -> { })) {
            fixture.send(relation);
            final UnsafeBuffer[] buffers = new UnsafeBuffer[transaction.length];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = new UnsafeBuffer(new byte[transaction[i].length()]);
                buffers[i].putBytes(0, transaction[i].buffer(), 0, transaction[i].length());
            }
            publish(fixture, buffers, 1, WARM_UP_ROWS);
            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            final long threadId = Thread.currentThread().getId();
            final long beforeBytes = threads.getThreadAllocatedBytes(threadId);
            publish(fixture, buffers, WARM_UP_ROWS, ROWS);
            final long allocatedBytes = threads.getThreadAllocatedBytes(threadId) - beforeBytes;
            assertTrue(fixture.counter("rows") >= WARM_UP_ROWS + ROWS);
            assertTrue(allocatedBytes <= ROWS * MAX_BYTES_PER_ROW, allocatedBytes + " bytes for " + ROWS + " rows");
        }
    }

    private static void publish(
        final DecoderFixture fixture, final UnsafeBuffer[] buffers, final int firstLsn, final int rowCount) {
        for (int i = 0; i < rowCount / 3 + 1; i++) {
            buffers[0].putLong(1, firstLsn + i, java.nio.ByteOrder.BIG_ENDIAN);
            for (final UnsafeBuffer buffer : buffers) {
                fixture.send(buffer, 0, buffer.capacity());
            }
        }
    }
}
