package io.headrace.aeron.link;

import io.aeron.Image;
import org.agrona.DirectBuffer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;

/**
 * What comes from one publication of another process; owned by the link thread. Each is polled by itself, so that one
 * whose events find no room holds back nobody else.
 */
final class LinkIngress {
    static final String IPC = "ipc";

    private static final int FRAGMENT_LIMIT = 64;

    private final Image image;
    private final MessageAssembler assembler;
    private final boolean ipc;

    /** Takes a message of an ingress. */
    @FunctionalInterface
    interface Receiver {
        /** Takes a message, or answers {@link Action#ABORT} to be given it again. */
        Action onMessage(LinkIngress ingress, DirectBuffer buffer, int offset, int lengthBytes);
    }

    LinkIngress(
        final Image image,
        final boolean ipc,
        final int maxMessageBytes,
        final Receiver receiver,
        final Runnable onBadMessage) {
        this.image = image;
        this.ipc = ipc;
        assembler = new MessageAssembler(
            maxMessageBytes,
            (buffer, offset, lengthBytes) -> receiver.onMessage(this, buffer, offset, lengthBytes),
            onBadMessage);
    }

    int poll() {
        return image.controlledPoll(assembler, FRAGMENT_LIMIT);
    }

    boolean isOf(final Image other) {
        return image == other;
    }

    boolean isClosed() {
        return image.isClosed();
    }

    boolean isIpc() {
        return ipc;
    }

    /** {@return where it comes from: an address, or {@code ipc}} */
    String from() {
        return ipc ? IPC : image.sourceIdentity();
    }

    /**
     * Where answers go: always to where the messages come from, and never to an address that is in one of them.
     *
     * @param port at that host.
     * @return the address; null when the source is not known by its address.
     */
    InetSocketAddress answerAddress(final int port) {
        final String identity = image.sourceIdentity();
        final int colon = identity.lastIndexOf(':');
        final String host = colon < 0 ? "" : identity.substring(0, colon);
        // Only what is an address already: a name would be looked up, which takes its time.
        if (!host.matches("[0-9.]+|\\[?[0-9a-fA-F:.]+(%[0-9a-zA-Z]+)?]?")) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (final UnknownHostException ex) {
            return null;
        }
    }
}
