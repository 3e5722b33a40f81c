package io.headrace.client.link;

import org.agrona.BitUtil;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Constants, for any thread: what both ends of a link agree about. The messages are in the schema {@code link.xml}. */
public final class LinkProtocol {
    /** What is said in the hello; a service refuses another one. */
    public static final int VERSION = 1;
    /** The stream on which a service listens, over UDP and over IPC. */
    public static final int STREAM_ID = 7730;
    /** The stream of what is sent unrecorded and best-effort, on a channel of its own. */
    public static final int LIVE_STREAM_ID = 7731;
    /** How often a hello is repeated until it is answered. */
    public static final long HELLO_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** How often the caller says that it is there, when it says nothing else. */
    public static final long ALIVE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
    /** How often the service says how far it is. */
    public static final long STATE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** When the caller takes a silent service for away. */
    public static final long SERVICE_SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
    /** When the service takes a silent caller for gone. */
    public static final long CALLER_SILENCE_NS = TimeUnit.SECONDS.toNanos(5);
    /** How long one address has to answer before the next one is asked. */
    public static final long ATTEMPT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    /** The pause between two attempts. */
    public static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** The pause after a refusal, which will hardly be another one the next moment. */
    public static final long REFUSED_REST_NS = TimeUnit.SECONDS.toNanos(1);

    /** Term length of what goes to a service. */
    public static final int TERM_LENGTH_BYTES = 1 << 20;
    /** The longest event that is put together from parts; longer than a bus takes, shorter than a memory. */
    public static final int MAX_EVENT_BYTES = 256 << 20;
    /** Payload of a datagram where every network takes it. */
    public static final int NETWORK_MTU_BYTES = 1408;
    /** Payload of a datagram that does not leave the host. */
    public static final int LOOPBACK_MTU_BYTES = 8192;

    private static final int MESSAGES_PER_TERM = 8;
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private LinkProtocol() {
    }

    /**
     * The channel towards an address.
     *
     * @param address         resolved.
     * @param termLengthBytes a power of two.
     * @return the channel of the publication.
     */
    public static String publicationChannel(final InetSocketAddress address, final int termLengthBytes) {
        return "aeron:udp?endpoint=" + text(address.getAddress(), address.getPort()) + "|term-length=" + termLengthBytes
            + "|mtu=" + mtuBytes(address.getAddress());
    }

    /**
     * The channel for what comes to an address.
     *
     * @param address of this host.
     * @param port    0 for any that is free.
     * @return the channel of the subscription.
     */
    public static String subscriptionChannel(final InetAddress address, final int port) {
        return "aeron:udp?endpoint=" + text(address, port);
    }

    /**
     * The channel between processes that share a media driver.
     *
     * @param termLengthBytes a power of two.
     * @return the channel of the publication.
     */
    public static String ipcChannel(final int termLengthBytes) {
        return "aeron:ipc?term-length=" + termLengthBytes;
    }

    /**
     * How much goes into a datagram.
     *
     * @param address of the other end.
     * @return the MTU for Aeron, in bytes.
     */
    public static int mtuBytes(final InetAddress address) {
        return address.isLoopbackAddress() ? LOOPBACK_MTU_BYTES : NETWORK_MTU_BYTES;
    }

    /**
     * The term in which messages of a length fit.
     *
     * @param messageLengthBytes of the longest one.
     * @param minBytes           the shortest term wanted, a power of two.
     * @return a power of two.
     */
    public static int termLengthBytes(final int messageLengthBytes, final int minBytes) {
        final int longestBytes = Math.min(messageLengthBytes, MAX_MESSAGE_BYTES);
        return Math.max(minBytes, BitUtil.findNextPositivePowerOfTwo(longestBytes * MESSAGES_PER_TERM));
    }

    /**
     * An address as text.
     *
     * @param address resolved.
     * @param port    of it.
     * @return {@code host:port}, with brackets around an IPv6 address.
     */
    public static String text(final InetAddress address, final int port) {
        final String host = address.getHostAddress();
        final int scope = host.indexOf('%');
        final String plain = scope < 0 ? host : host.substring(0, scope);
        return address instanceof Inet6Address ? "[" + plain + "]:" + port : plain + ":" + port;
    }

    /**
     * An address as a person wrote it.
     *
     * @param address resolved or not.
     * @return {@code host:port}.
     */
    public static String text(final InetSocketAddress address) {
        final String host = address.getHostString();
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + address.getPort() : host + ":" + address.getPort();
    }
}
