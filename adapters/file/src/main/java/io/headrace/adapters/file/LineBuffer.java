package io.headrace.adapters.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The lane's thread: the lines of one batch, so that they reach the file in one write. */
final class LineBuffer extends ByteArrayOutputStream {
    private static final int INITIAL_BYTES = 64 * 1024;
    private static final int MAX_KEPT_BYTES = 16 * 1024 * 1024;

    LineBuffer() {
        super(INITIAL_BYTES);
    }

    /** Forgets the last batch, and the memory that an unusually large one took. */
    @Override
    public synchronized void reset() {
        super.reset();
        if (buf.length > MAX_KEPT_BYTES) {
            buf = new byte[INITIAL_BYTES];
        }
    }

    /** The lines themselves; valid until the next reset. */
    synchronized ByteBuffer lines() {
        return ByteBuffer.wrap(buf, 0, count);
    }
}
