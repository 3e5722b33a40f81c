package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;

/**
 * A window on one segment file after the other, through which a scanner looks at frames. Owned by the scanner's thread.
 *
 * <p>It reads with {@code pread} and does not map the files. A mapping would save a copy, but to touch a page that
 * cannot be read kills the process: on a disk that fails, after somebody cut the file, and on a full memory file
 * system even behind the end of what is written. A read fails with an exception. A file that was opened stays readable
 * after it is purged.
 */
final class SegmentWindow implements AutoCloseable {
    /** Longer than any frame: the MTU is at most 64 KiB. */
    static final int CAPACITY = 256 << 10;

    private static final int FIRST_LOAD_LENGTH = 4 << 10;
    private static final long NONE = -1;

    private final SegmentFiles files;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private FileChannel channel;
    private long basePosition = NONE;
    private int startOffset;
    private int lengthBytes;
    private int nextLoadLength = FIRST_LOAD_LENGTH;

    SegmentWindow(final SegmentFiles files) {
        this.files = files;
    }

    /**
     * Goes to a segment.
     *
     * @param base the log position at which it begins.
     * @return false when there is no such file.
     */
    boolean open(final long base) {
        if (base == basePosition) {
            return true;
        }
        close();
        try {
            channel = FileChannel.open(files.path(base), StandardOpenOption.READ);
            basePosition = base;
            return true;
        } catch (final NoSuchFileException e) {
            return false;
        } catch (final ClosedByInterruptException e) {
            return openInterrupted(base);
        } catch (final IOException e) {
            throw failed(base, e);
        }
    }

    /**
     * Makes a part of the segment readable through the buffer. What lies behind the file's end reads as zeros.
     *
     * @param offset in the segment.
     * @param length at most {@link #CAPACITY}.
     * @param ahead  how much behind the offset may be read ahead, at least the length.
     */
    void ensure(final int offset, final int length, final int ahead) {
        if (offset >= startOffset && offset + length <= startOffset + lengthBytes) {
            return;
        }
        final boolean goesOn = lengthBytes > 0 && offset >= startOffset && offset <= startOffset + lengthBytes;
        nextLoadLength = goesOn ? Math.min(nextLoadLength * 2, CAPACITY) : FIRST_LOAD_LENGTH;
        load(offset, Math.max(length, Math.min(nextLoadLength, ahead)));
    }

    /** Forgets what was read, as it may have been written since. */
    void invalidate() {
        lengthBytes = 0;
        startOffset = 0;
    }

    /** {@return whether there is something that was read earlier} */
    boolean holdsBytes() {
        return lengthBytes > 0;
    }

    /** {@return the buffer that holds the window} */
    UnsafeBuffer buffer() {
        return buffer;
    }

    /** {@return the same bytes, for a checksum; position and limit belong to the caller} */
    ByteBuffer bytes() {
        return bytes;
    }

    /** {@return where in the buffer an offset of the segment is} */
    int index(final int offset) {
        return offset - startOffset;
    }

    @Override
    public void close() {
        invalidate();
        basePosition = NONE;
        if (channel != null) {
            try {
                channel.close();
            } catch (final IOException e) {
                throw new LogException(LogException.Category.STORAGE, "cannot close a segment", e);
            } finally {
                channel = null;
            }
        }
    }

    /** Closes it for good, and gives the memory back. */
    void free() {
        try {
            close();
        } finally {
            buffer.wrap(0, 0);
            BufferUtil.free(bytes);
        }
    }

    private void load(final int offset, final int length) {
        invalidate();
        final long base = basePosition;
        try {
            read(offset, length);
        } catch (final ClosedByInterruptException e) {
            readInterrupted(base, offset, length);
        } catch (final IOException e) {
            throw failed(base, e);
        }
        startOffset = offset;
        lengthBytes = length;
    }

    private void read(final int offset, final int length) throws IOException {
        bytes.limit(length).position(0);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, (long)offset + bytes.position()) < 0) {
                buffer.setMemory(bytes.position(), bytes.remaining(), (byte)0);
                break;
            }
        }
    }

    /** An interrupt is for somebody else: it closed the file, but must not end the reading. It stays set. */
    private void readInterrupted(final long base, final int offset, final int length) {
        Thread.interrupted();
        try {
            basePosition = NONE;
            if (!open(base)) {
                throw new LogException(
                    LogException.Category.PURGED, files.name(base) + " was purged while it was read", null);
            }
            read(offset, length);
        } catch (final ClosedChannelException e) {
            throw new LogException(
                LogException.Category.STORAGE, "interrupted twice while reading " + files.path(base), e);
        } catch (final IOException e) {
            throw failed(base, e);
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private boolean openInterrupted(final long base) {
        Thread.interrupted();
        try {
            return open(base);
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private LogException failed(final long base, final IOException cause) {
        return new LogException(
            LogException.Category.STORAGE, "cannot read " + files.path(base) + ": " + cause.getMessage(), cause);
    }
}
