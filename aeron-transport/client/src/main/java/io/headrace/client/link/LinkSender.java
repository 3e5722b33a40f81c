package io.headrace.client.link;

import io.aeron.ExclusivePublication;
import io.headrace.codecs.sbe.link.LinkRole;
import org.agrona.DirectBuffer;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Any thread: what a connection says. A lock is around the publication, so that nobody writes into one that is being
 * closed, and threads that publish do not meet in it.
 */
final class LinkSender {
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkProxy proxy = new LinkProxy();
    private ExclusivePublication publication;
    private long linkId;
    private boolean open;
    private boolean sent;
    private long nextAliveNs;

    /** Begins an attempt. */
    void bind(final ExclusivePublication publicationOfLink, final long id) {
        lock.lock();
        try {
            publication = publicationOfLink;
            linkId = id;
        } finally {
            lock.unlock();
        }
    }

    boolean hello(final LinkRole role, final String name, final int answerPort, final int answerStreamId) {
        lock.lock();
        try {
            return proxy.hello(publication, linkId, role, name, answerPort, answerStreamId) > 0;
        } finally {
            lock.unlock();
        }
    }

    boolean proof(final byte[] bytes) {
        lock.lock();
        try {
            return proxy.proof(publication, linkId, bytes) > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The link is open: others may send from now on. */
    void open(final long nowNs) {
        lock.lock();
        try {
            open = true;
            sent = false;
            nextAliveNs = nowNs + LinkProtocol.ALIVE_INTERVAL_NS;
        } finally {
            lock.unlock();
        }
    }

    /** Who holds the lock is sending, which says as much. */
    int keepAlive(final long nowNs) {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            if (!open || nowNs - nextAliveNs < 0) {
                return 0;
            }
            final boolean said = sent || proxy.alive(publication, linkId) > 0;
            if (said) {
                sent = false;
                nextAliveNs = nowNs + LinkProtocol.ALIVE_INTERVAL_NS;
            }
            return said ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    long offer(
        final DirectBuffer head, final int headOffset, final int headBytes,
        final DirectBuffer body, final int bodyOffset, final int bodyBytes) {
        lock.lock();
        try {
            if (!open) {
                return LinkConnection.AWAY;
            }
            final long result = publication.offer(head, headOffset, headBytes, body, bodyOffset, bodyBytes, null);
            sent |= result > 0;
            return result;
        } finally {
            lock.unlock();
        }
    }

    long offer(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        lock.lock();
        try {
            if (!open) {
                return LinkConnection.AWAY;
            }
            final long result = publication.offer(buffer, offset, lengthBytes);
            sent |= result > 0;
            return result;
        } finally {
            lock.unlock();
        }
    }

    int maxMessageBytes() {
        lock.lock();
        try {
            return publication == null ? 0 : publication.maxMessageLength();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the attempt or the link: nothing touches the publication any more. */
    void unbind(final boolean sayBye) {
        lock.lock();
        try {
            if (sayBye && publication != null) {
                proxy.bye(publication, linkId);
            }
            open = false;
            publication = null;
        } finally {
            lock.unlock();
        }
    }
}
