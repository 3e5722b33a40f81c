package io.headrace.adapters.postgres.pgoutput;

import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The source's thread: the messages of one transaction that arrived before its commit, as they came. They stand alone
 * in a file because their number has no bound but the transaction's size; the heap only holds one buffer, and the ids
 * of sub-transactions that were rolled back.
 *
 * <p>The file belongs to the process: after a restart the server sends such a transaction again from its beginning.
 */
final class SpillFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpillFile.class);
    private static final String SUFFIX = ".spill";
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int LENGTH_OFFSET = 0;
    private static final int XID_OFFSET = 4;
    private static final int LSN_OFFSET = 8;
    private static final int HEADER_BYTES = 16;

    private final Path path;
    private final FileChannel channel;
    private final IntHashSet abortedXids = new IntHashSet();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final UnsafeBuffer view = new UnsafeBuffer(buffer);
    private int buffered;
    private long fileBytes;

    SpillFile(final Path directory, final String prefix) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            path = Files.createTempFile(directory, prefix, SUFFIX);
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (final IOException e) {
            throw failure("create a spill file in " + directory, e);
        }
    }

    /** Deletes what a process that was killed has left behind. Nothing of it can be used. */
    static void deleteLeftovers(final Path directory, final String prefix) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*" + SUFFIX)) {
            for (final Path file : files) {
                Files.deleteIfExists(file);
                LOG.info("Deleted {}, left behind by a process that ended early", file);
            }
        } catch (final IOException e) {
            throw failure("look for old spill files in " + directory, e);
        }
    }

    private static UncheckedIOException failure(final String action, final IOException cause) {
        return new UncheckedIOException("cannot " + action + "; check spill-directory and its free space", cause);
    }

    /** Appends a message and answers how many bytes that took. */
    int append(final int xid, final long lsn, final DirectBuffer source, final int offset, final int lengthBytes) {
        final int recordBytes = HEADER_BYTES + lengthBytes;
        if (buffered + recordBytes > buffer.capacity()) {
            flush();
            ensureCapacity(recordBytes);
        }
        view.putInt(buffered + LENGTH_OFFSET, lengthBytes);
        view.putInt(buffered + XID_OFFSET, xid);
        view.putLong(buffered + LSN_OFFSET, lsn);
        view.putBytes(buffered + HEADER_BYTES, source, offset, lengthBytes);
        buffered += recordBytes;
        return recordBytes;
    }

    private void ensureCapacity(final int neededBytes) {
        if (neededBytes > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(neededBytes);
            view.wrap(buffer);
        }
    }

    private void flush() {
        try {
            buffer.limit(buffered).position(0);
            while (buffer.hasRemaining()) {
                fileBytes += channel.write(buffer, fileBytes);
            }
            buffer.clear();
            buffered = 0;
        } catch (final IOException e) {
            throw failure("write " + path, e);
        }
    }

    long sizeBytes() {
        return fileBytes + buffered;
    }

    /** Discards what a rolled back sub-transaction did. */
    void abort(final int xid) {
        abortedXids.add(xid);
    }

    boolean isAborted(final int xid) {
        return abortedXids.contains(xid);
    }

    /** Gives every message in order. */
    void forEach(final RecordConsumer consumer) {
        flush();
        long position = 0;
        int filled = 0;
        int at = 0;
        while (position < fileBytes || at < filled) {
            if (filled - at < HEADER_BYTES || filled - at < HEADER_BYTES + view.getInt(at + LENGTH_OFFSET)) {
                final int left = filled - at;
                final int recordBytes = left < HEADER_BYTES ? 0 : HEADER_BYTES + view.getInt(at + LENGTH_OFFSET);
                final int moved = refill(at, left, recordBytes, position);
                position += moved;
                filled = left + moved;
                at = 0;
                continue;
            }
            final int lengthBytes = view.getInt(at + LENGTH_OFFSET);
            consumer.onRecord(
                view.getInt(at + XID_OFFSET), view.getLong(at + LSN_OFFSET), view, at + HEADER_BYTES, lengthBytes);
            at += HEADER_BYTES + lengthBytes;
        }
    }

    /** Moves the rest to the front of the buffer, reads on behind it, and answers how many bytes were read. */
    private int refill(final int at, final int left, final int recordBytes, final long position) {
        buffer.limit(at + left).position(at);
        if (recordBytes > buffer.capacity()) {
            final ByteBuffer larger = ByteBuffer.allocateDirect(recordBytes);
            larger.put(buffer);
            buffer = larger;
            view.wrap(buffer);
        } else {
            buffer.compact();
        }
        buffer.limit(buffer.capacity());
        try {
            final int read = channel.read(buffer, position);
            if (read <= 0) {
                throw new EOFException(path + " ends at " + position + ", " + fileBytes + " bytes were written");
            }
            return read;
        } catch (final IOException e) {
            throw failure("read " + path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            throw failure("delete " + path, e);
        }
    }

    /** Takes the messages. */
    interface RecordConsumer {
        void onRecord(int xid, long lsn, DirectBuffer buffer, int offset, int lengthBytes);
    }
}
