package io.headrace.aeron.log;

import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The file of a sparse index: entries of 32 bytes, appended with plain writes, as a full disk must not kill the
 * process. Owned by the log thread. Losing it costs time and nothing else, so what fails is counted and told once.
 *
 * <pre>
 *    0        4      5        8          16         24          32
 *    ├────────┼──────┼────────┼──────────┼──────────┼───────────┤
 *    │ crc32c │ kind │ unused │ sequence │ timeNs   │ position  │
 *    ├────────┴──────┴────────┴──────────┴──────────┴───────────┤
 * </pre>
 */
final class IndexFile implements AutoCloseable {
    static final String FILE_NAME = "index";
    static final int ENTRY_LENGTH = 32;

    private static final Logger LOGGER = LoggerFactory.getLogger(IndexFile.class);
    private static final int MAX_ENTRY_COUNT = 4 << 20;
    private static final int BATCH_COUNT = 128;
    private static final int KIND_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int TIME_OFFSET = 16;
    private static final int POSITION_OFFSET = 24;

    private final Path file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH_COUNT * ENTRY_LENGTH);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private final CRC32C crc = new CRC32C();
    private FileChannel channel;
    private int savedCount;
    private volatile long failedWriteCount;

    IndexFile(final Path folder) {
        file = folder.resolve(FILE_NAME);
    }

    /**
     * Reads what the file holds, up to the first entry that is not whole or out of order.
     *
     * @param folder of the log.
     * @return the entries; none when there is no file or it cannot be read.
     */
    static IndexTable load(final Path folder) {
        IndexTable table = new IndexTable();
        final Path file = folder.resolve(FILE_NAME);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final long length = Math.min(channel.size(), (long)MAX_ENTRY_COUNT * ENTRY_LENGTH);
            final ByteBuffer bytes = ByteBuffer.allocate((int)length);
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = channel.read(bytes);
            }
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final CRC32C crc = new CRC32C();
            for (int at = 0; at + ENTRY_LENGTH <= bytes.position() && follows(table, buffer, at, crc); ) {
                table = table.withRoom();
                table.append(
                    word(buffer, at + SEQUENCE_OFFSET),
                    word(buffer, at + TIME_OFFSET),
                    word(buffer, at + POSITION_OFFSET),
                    buffer.getByte(at + KIND_OFFSET));
                at += ENTRY_LENGTH;
            }
        } catch (final NoSuchFileException e) {
            return table;
        } catch (final IOException e) {
            LOGGER.warn("Cannot read {}, which is made anew: {}", file, e.toString());
        }
        return table;
    }

    /** Writes the entries that are not in the file yet. */
    void append(final IndexTable table) {
        try {
            if (channel == null) {
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            while (savedCount < table.count()) {
                final int batchCount = Math.min(BATCH_COUNT, table.count() - savedCount);
                for (int i = 0; i < batchCount; i++) {
                    encode(table, savedCount + i, i * ENTRY_LENGTH);
                }
                bytes.limit(batchCount * ENTRY_LENGTH).position(0);
                final long at = (long)savedCount * ENTRY_LENGTH;
                while (bytes.hasRemaining()) {
                    channel.write(bytes, at + bytes.position());
                }
                savedCount += batchCount;
            }
        } catch (final IOException e) {
            failed(e);
        }
    }

    /** Writes the file anew. What was there is not needed any more; a crash amid this leaves a shorter index. */
    void replace(final IndexTable table) {
        savedCount = 0;
        try {
            if (channel == null) {
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            channel.truncate(0);
        } catch (final IOException e) {
            failed(e);
            return;
        }
        append(table);
    }

    /**
     * Says that the file holds the first entries already.
     *
     * @param count of the entries.
     * @return false when something else is behind them, so that it must be written anew.
     */
    boolean holds(final int count) {
        savedCount = count;
        final long lengthBytes = file.toFile().length();
        return lengthBytes == (long)count * ENTRY_LENGTH;
    }

    /** {@return how often writing has failed; for any thread} */
    long failedWriteCount() {
        return failedWriteCount;
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (final IOException e) {
                LOGGER.warn("Cannot close {}: {}", file, e.toString());
            }
            channel = null;
        }
    }

    private void failed(final IOException e) {
        close();
        final long count = failedWriteCount;
        failedWriteCount = count + 1;
        if (count == 0) {
            LOGGER.warn("Cannot write {}, and goes on with the index in memory: {}", file, e.toString());
        }
    }

    private void encode(final IndexTable table, final int i, final int at) {
        buffer.setMemory(at, ENTRY_LENGTH, (byte)0);
        buffer.putByte(at + KIND_OFFSET, table.kind(i));
        buffer.putLong(at + SEQUENCE_OFFSET, table.sequence(i), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(at + TIME_OFFSET, table.timeNs(i), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(at + POSITION_OFFSET, table.position(i), ByteOrder.LITTLE_ENDIAN);
        bytes.limit(at + ENTRY_LENGTH).position(at + KIND_OFFSET);
        crc.reset();
        crc.update(bytes);
        buffer.putInt(at, (int)crc.getValue(), ByteOrder.LITTLE_ENDIAN);
    }

    private static boolean follows(final IndexTable table, final UnsafeBuffer buffer, final int at, final CRC32C crc) {
        crc.reset();
        crc.update(buffer.byteArray(), at + KIND_OFFSET, ENTRY_LENGTH - KIND_OFFSET);
        if ((int)crc.getValue() != buffer.getInt(at, ByteOrder.LITTLE_ENDIAN)) {
            return false;
        }
        final int last = table.count() - 1;
        final long position = word(buffer, at + POSITION_OFFSET);
        return position >= 0 && position % 32 == 0
            && (last < 0 || position > table.position(last)
                && word(buffer, at + SEQUENCE_OFFSET) >= table.sequence(last)
                && word(buffer, at + TIME_OFFSET) >= table.timeNs(last));
    }

    private static long word(final UnsafeBuffer buffer, final int at) {
        return buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
    }
}
