package io.headrace.adapters.postgres.replication;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * The source's thread: a socket that can be waited on. The driver only knows two ways of reading a replication stream:
 * one blocks without ever sending a status, the other looks for input, and if there is none, for one millisecond more.
 * Here that second look (a read with a time-out of exactly one millisecond) answers at once, and
 * {@link #awaitInput(int)} waits for as long as the caller likes.
 *
 * <p>It stands below a TLS layer too: what it waits for are raw bytes.
 */
final class PollingSocket extends Socket {
    private static final int PROBE_TIMEOUT_MS = 1;
    private static final int BUFFER_BYTES = 64 * 1024;

    private PollingInputStream input;
    private boolean polling;
    private int timeoutMs;

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new PollingInputStream(super.getInputStream());
        }
        return input;
    }

    @Override
    public synchronized void setSoTimeout(final int timeout) throws SocketException {
        timeoutMs = timeout;
        super.setSoTimeout(timeout);
    }

    /** From now on probes answer at once. Before, while the connection is made, the socket behaves as any other. */
    void startPolling() {
        polling = true;
    }

    /** Whether bytes can be read without waiting. Does not see the end of the stream. */
    boolean hasInput() throws IOException {
        return input.hasInput();
    }

    /**
     * Waits for bytes or for the end of the stream.
     *
     * @return false when the time ran out.
     */
    boolean awaitInput(final int waitMs) throws IOException {
        return input.await(waitMs);
    }

    /** Its time-out, when nothing came: without a stack trace, as it is the normal answer to a probe. */
    private static final class NothingYet extends SocketTimeoutException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final NothingYet NOTHING_YET = new NothingYet();

    /** Reads through, except for what came in while it was waited for. */
    private final class PollingInputStream extends InputStream {
        private final InputStream wrapped;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int position;
        private int limit;
        private boolean ended;
        /** A wait has just run out: the next probe need not ask the system again. */
        private boolean knownEmpty;

        PollingInputStream(final InputStream wrapped) {
            this.wrapped = wrapped;
        }

        /**
         * Once polling, only what is at hand: the driver asks before each message, also while its own buffer holds
         * many, and asking the system each time costs as much as the message. When both are empty it probes.
         */
        @Override
        public int available() throws IOException {
            return polling ? limit - position : limit - position + wrapped.available();
        }

        boolean hasInput() throws IOException {
            return limit > position || !knownEmpty && wrapped.available() > 0;
        }

        @Override
        public int read() throws IOException {
            if (position == limit && fill() < 0) {
                return -1;
            }
            return buffer[position++] & 0xFF;
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            if (position == limit) {
                refuseToWait();
                return ended ? -1 : wrapped.read(target, offset, length);
            }
            final int count = Math.min(length, limit - position);
            System.arraycopy(buffer, position, target, offset, count);
            position += count;
            return count;
        }

        private int fill() throws IOException {
            refuseToWait();
            final int count = ended ? -1 : wrapped.read(buffer, 0, buffer.length);
            ended = count < 0;
            position = 0;
            limit = Math.max(0, count);
            return count;
        }

        private void refuseToWait() throws IOException {
            if (polling && timeoutMs == PROBE_TIMEOUT_MS && !ended && (knownEmpty || wrapped.available() == 0)) {
                knownEmpty = false;
                throw NOTHING_YET;
            }
            knownEmpty = false;
        }

        boolean await(final int waitMs) throws IOException {
            if (position < limit || ended) {
                return true;
            }
            knownEmpty = false;
            final int before = timeoutMs;
            setSoTimeout(Math.max(PROBE_TIMEOUT_MS + 1, waitMs));
            try {
                fill();
                return true;
            } catch (final SocketTimeoutException e) {
                knownEmpty = true;
                return false;
            } finally {
                setSoTimeout(before);
            }
        }

        @Override
        public void close() throws IOException {
            wrapped.close();
        }
    }
}
