package io.headrace.aeron.link;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.headrace.bus.link.LinkException;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkDriverContext;
import io.headrace.client.link.LinkErrors;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.LinkRole;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where other processes reach the service: the link driver with a subscription for the network and one for processes of
 * this host. Made by any thread, and owned by the link thread from its first turn on.
 */
final class LinkEndpoint implements AutoCloseable {
    private static final long RESOLVE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int FEED_TERM_BYTES = 4 << 20;
    private static final String IPC_CHANNEL = "aeron:ipc";

    private final LinkDriver driver;
    private final List<LinkIngress> ingresses = new ArrayList<>();
    private final LinkIngress.Receiver receiver;
    private final Runnable onBadMessage;
    private final int maxMessageBytes;
    private final InetSocketAddress address;

    private LinkEndpoint(
        final LinkDriver driver,
        final InetSocketAddress wanted,
        final int maxMessageBytes,
        final LinkIngress.Receiver receiver,
        final Runnable onBadMessage) {
        this.driver = driver;
        this.maxMessageBytes = maxMessageBytes;
        this.receiver = receiver;
        this.onBadMessage = onBadMessage;
        final Aeron aeron = driver.aeron();
        final Subscription network = aeron.addSubscription(
            LinkProtocol.subscriptionChannel(wanted.getAddress(), wanted.getPort()), LinkProtocol.STREAM_ID,
            image -> add(image, false), this::remove);
        aeron.addSubscription(
            IPC_CHANNEL, LinkProtocol.STREAM_ID, image -> add(image, true), this::remove);
        address = new InetSocketAddress(wanted.getAddress(), portOf(network));
    }

    /**
     * Listens.
     *
     * @throws LinkException when the address or the driver's folder cannot be had.
     */
    static LinkEndpoint open(
        final LinkServerContext context,
        final InetSocketAddress address,
        final LinkErrors errors,
        final int maxMessageBytes,
        final LinkIngress.Receiver receiver,
        final Runnable onBadMessage) {
        if (address.isUnresolved()) {
            throw new LinkException("bus.listen.address: " + address.getHostString() + " is not known as a host", null);
        }
        LinkDriver driver = null;
        boolean listens = false;
        try {
            driver = LinkDriver.launch(new LinkDriverContext(
                "server", context.driverFolder(), Optional.empty(), true, errors));
            final LinkEndpoint endpoint =
                new LinkEndpoint(driver, address, maxMessageBytes, receiver, onBadMessage);
            listens = true;
            return endpoint;
        } catch (final IOException ex) {
            throw new LinkException(ex.getMessage(), ex);
        } catch (final AeronException ex) {
            throw new LinkException("cannot listen at " + LinkProtocol.text(address) + ": " + ex.getMessage()
                + ". Choose another bus.listen.address, or stop who has it.", ex);
        } finally {
            if (driver != null && !listens) {
                driver.close();
            }
        }
    }

    private int portOf(final Subscription network) {
        final long deadlineNs = System.nanoTime() + RESOLVE_TIMEOUT_NS;
        String endpoint = network.resolvedEndpoint();
        while (endpoint == null) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AeronException("the socket does not open within 10 s");
            }
            driver.doWork();
            endpoint = network.resolvedEndpoint();
        }
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    private void add(final Image image, final boolean ipc) {
        ingresses.add(new LinkIngress(image, ipc, maxMessageBytes, receiver, onBadMessage));
    }

    private void remove(final Image image) {
        ingresses.removeIf(ingress -> ingress.isOf(image));
    }

    /**
     * Gives driver and client their turn, and then hears every publication that others have here.
     *
     * @return the amount of work done.
     */
    int doWork() {
        int count = driver.doWork();
        for (int i = 0; i < ingresses.size(); i++) {
            count += ingresses.get(i).poll();
        }
        return count;
    }

    /**
     * The way back to who said hello.
     *
     * @return the publication; null when it cannot be made.
     */
    ExclusivePublication newAnswers(final LinkIngress ingress, final LinkHello hello) {
        final int termBytes = hello.role() == LinkRole.PUBLISHER ? LinkProtocol.TERM_LENGTH_BYTES : FEED_TERM_BYTES;
        if (ingress.isIpc()) {
            return driver.aeron().addExclusivePublication(
                LinkProtocol.ipcChannel(termBytes), hello.answerStreamId());
        }
        final InetSocketAddress answers = ingress.answerAddress(hello.answerPort());
        return answers == null ? null : driver.aeron().addExclusivePublication(
            LinkProtocol.publicationChannel(answers, termBytes), hello.answerStreamId());
    }

    /** {@return a publication of what is sent to many at once} */
    ExclusivePublication newLiveStream(final String channel) {
        return driver.aeron().addExclusivePublication(channel, LinkProtocol.LIVE_STREAM_ID);
    }

    /** {@return whether driver and client work} */
    boolean isGood() {
        return driver.lease() != null;
    }

    /** {@return where it listens, with the port that it has} */
    InetSocketAddress address() {
        return address;
    }

    Path driverFolder() {
        return driver.folder();
    }

    @Override
    public void close() {
        driver.close();
    }
}
