package io.headrace.client.link;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.SecureRandom;

/**
 * The thread of the link's turns: what one attempt to open a link has of the driver. Nothing of it waits for the
 * driver, so that the thread which drives it may be the same.
 */
final class LinkAttempt {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String IPC = "ipc";

    private final LinkTarget target;
    private final InetSocketAddress remote;
    private final LinkTransport.Lease lease;
    private final long linkId = RANDOM.nextLong();
    private final int answerStreamId = RANDOM.nextInt(Integer.MAX_VALUE - 1) + 1;
    private long publicationId = Aeron.NULL_VALUE;
    private long subscriptionId = Aeron.NULL_VALUE;
    private ExclusivePublication publication;
    private Subscription subscription;
    private int answerPort;

    LinkAttempt(final LinkTarget target, final int addressIndex, final LinkTransport.Lease lease) {
        this.target = target;
        this.remote = target.addresses().isEmpty() ? null : target.addresses().get(addressIndex);
        this.lease = lease;
    }

    /** Asks the driver for a publication and a subscription of this attempt's own. */
    void begin() {
        final Aeron aeron = lease.aeron();
        if (remote == null) {
            subscriptionId = aeron.asyncAddSubscription("aeron:ipc", answerStreamId);
            publicationId = aeron.asyncAddExclusivePublication(
                LinkProtocol.ipcChannel(target.termLengthBytes()), LinkProtocol.STREAM_ID);
            return;
        }
        final InetSocketAddress resolved = resolve();
        subscriptionId = aeron.asyncAddSubscription(
            LinkProtocol.subscriptionChannel(localAddress(resolved), 0), answerStreamId);
        publicationId = aeron.asyncAddExclusivePublication(
            LinkProtocol.publicationChannel(resolved, target.termLengthBytes()), LinkProtocol.STREAM_ID);
    }

    private InetSocketAddress resolve() {
        if (!remote.isUnresolved()) {
            return remote;
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(remote.getHostString()), remote.getPort());
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("the name " + remote.getHostString() + " is not known", e);
        }
    }

    /** Where answers reach us is from where we reach the service: nothing else is opened for them. */
    private static InetAddress localAddress(final InetSocketAddress resolved) {
        if (resolved.getAddress().isLoopbackAddress()) {
            return resolved.getAddress();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(resolved);
            return socket.getLocalAddress();
        } catch (final SocketException e) {
            throw new IllegalStateException("there is no way to " + resolved.getAddress().getHostAddress() + " ("
                + e.getMessage() + ")", e);
        }
    }

    /** {@return whether the driver has made both, and over UDP has chosen the port} */
    boolean isReady() {
        final Aeron aeron = lease.aeron();
        if (subscription == null) {
            subscription = aeron.getSubscription(subscriptionId);
        }
        if (publication == null) {
            publication = aeron.getExclusivePublication(publicationId);
        }
        if (subscription == null || publication == null) {
            return false;
        }
        if (remote != null && answerPort == 0) {
            final String endpoint = subscription.resolvedEndpoint();
            answerPort = endpoint == null ? 0 : Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        }
        return remote == null || answerPort != 0;
    }

    boolean isGood() {
        return lease.isGood();
    }

    long linkId() {
        return linkId;
    }

    int answerPort() {
        return answerPort;
    }

    int answerStreamId() {
        return answerStreamId;
    }

    ExclusivePublication publication() {
        return publication;
    }

    Subscription subscription() {
        return subscription;
    }

    /** {@return where the service is, for people} */
    String address() {
        return remote == null ? IPC : LinkProtocol.text(remote);
    }

    /** Takes back what was asked of the driver, and gives back the lease. */
    void end() {
        try {
            if (lease.isGood()) {
                lease.aeron().asyncRemovePublication(publicationId);
                lease.aeron().asyncRemoveSubscription(subscriptionId);
            }
        } finally {
            lease.giveBack();
        }
    }
}
