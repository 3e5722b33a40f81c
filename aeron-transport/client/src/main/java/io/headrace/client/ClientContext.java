package io.headrace.client;

import io.headrace.client.link.LinkProtocol;
import org.agrona.BitUtil;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a {@link HeadraceClient} needs to know. Filled by one thread before the client is made; {@link #conclude()}
 * reports all errors together.
 */
public final class ClientContext {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");
    private static final int MIN_TERM_BYTES = 64 << 10;
    private static final int MAX_TERM_BYTES = 1 << 30;
    private static final int DEFAULT_IN_FLIGHT = 4096;
    private static final int MAX_IN_FLIGHT = 1 << 20;
    private static final int MAX_PORT = 65535;

    private final List<String> errors = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private String name = "client";
    private Path serviceFolder;
    private Path ownFolder;
    private String secret;
    private ClientWait waiting = ClientWait.ECO;
    private boolean invoked;
    private boolean driverThread;
    private int termLengthBytes = LinkProtocol.TERM_LENGTH_BYTES;
    private int maxInFlight = DEFAULT_IN_FLIGHT;
    private NanoClock clock = System::nanoTime;
    private ErrorHandler errorHandler = ClientContext::log;

    /**
     * Names the process, for the service's status and counters.
     *
     * @param value letters a to z, digits and hyphens, at most 64.
     * @return this.
     */
    public ClientContext name(final String value) {
        name = value;
        return this;
    }

    /**
     * Where the service is, over UDP. More than one: they are asked one after the other, for a service that may have
     * been replaced by one of its replicas.
     *
     * @param hostAndPort each {@code host:port}.
     * @return this.
     */
    public ClientContext address(final String... hostAndPort) {
        for (final String each : hostAndPort) {
            final int colon = each.lastIndexOf(':');
            final String host = colon < 0 ? "" : each.substring(0, colon).replace("[", "").replace("]", "");
            final int port = portOf(each.substring(colon + 1));
            if (host.isEmpty() || port <= 0 || port > MAX_PORT) {
                errors.add("address=" + each + " is not host:port");
            } else {
                addresses.add(InetSocketAddress.createUnresolved(host, port));
            }
        }
        return this;
    }

    private static int portOf(final String text) {
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            return -1;
        }
    }

    /**
     * Where the service is, over IPC on the same host, instead of {@link #address}.
     *
     * @param serviceDriverFolder its {@code bus.listen.driver-path}.
     * @return this.
     */
    public ClientContext ipc(final Path serviceDriverFolder) {
        serviceFolder = serviceDriverFolder;
        return this;
    }

    /**
     * What the service wants to be proved.
     *
     * @param value not empty.
     * @return this.
     */
    public ClientContext secret(final String value) {
        secret = value;
        if (value.isEmpty()) {
            errors.add("secret is empty: leave it out where the service has none");
        }
        return this;
    }

    /**
     * As {@link #secret}, from a file, so that it stands in no code and no environment.
     *
     * @param file of UTF-8; white space around the secret is no part of it.
     * @return this.
     */
    public ClientContext secretFile(final Path file) {
        try {
            return secret(Files.readString(file).strip());
        } catch (final IOException e) {
            errors.add("secretFile=" + file + " cannot be read: " + e);
            return this;
        }
    }

    /**
     * How the client's thread waits.
     *
     * @param value {@link ClientWait#ECO} by default.
     * @return this.
     */
    public ClientContext waiting(final ClientWait value) {
        waiting = value;
        return this;
    }

    /**
     * Lets the application's own thread do all the work with {@link HeadraceClient#doWork()}.
     *
     * @param value false by default: the client has a thread.
     * @return this.
     */
    public ClientContext invoked(final boolean value) {
        invoked = value;
        return this;
    }

    /**
     * Gives the media driver a thread of its own, beside the client's.
     *
     * @param value false by default; of no meaning over IPC, where the driver is the service's.
     * @return this.
     */
    public ClientContext driverThread(final boolean value) {
        driverThread = value;
        return this;
    }

    /**
     * Where the client's own media driver keeps its memory.
     *
     * @param folder chosen on a memory file system by default.
     * @return this.
     */
    public ClientContext driverFolder(final Path folder) {
        ownFolder = folder;
        return this;
    }

    /**
     * Memory between a publisher and the service: three terms. What is not sent yet stands there.
     *
     * @param value a power of two of bytes from 64 KiB to 1 GiB; 1 MiB by default.
     * @return this.
     */
    public ClientContext termLengthBytes(final int value) {
        termLengthBytes = value;
        return this;
    }

    /**
     * How many events of one publisher may wait for their confirmation; never more than 64 MiB of them.
     *
     * @param value a power of two up to 1,048,576; 4,096 by default.
     * @return this.
     */
    public ClientContext maxInFlight(final int value) {
        maxInFlight = value;
        return this;
    }

    /**
     * The clock for time-outs.
     *
     * @param value the machine's monotonic one by default.
     * @return this.
     */
    public ClientContext clock(final NanoClock value) {
        clock = value;
        return this;
    }

    /**
     * Gets what goes wrong in the background, of errors that are alike one in ten seconds.
     *
     * @param value by default they go to the {@link Logger} of this package.
     * @return this.
     */
    public ClientContext errorHandler(final ErrorHandler value) {
        errorHandler = value;
        return this;
    }

    private static void log(final Throwable error) {
        System.getLogger(ClientContext.class.getPackageName()).log(Level.WARNING, "in the background", error);
    }

    /**
     * Checks everything.
     *
     * @return this.
     * @throws IllegalArgumentException that names all errors.
     */
    public ClientContext conclude() {
        checkName(name, errors);
        if (addresses.isEmpty() == (serviceFolder == null)) {
            errors.add("give either the address of a service, or the driver folder of one on this host");
        }
        if (!BitUtil.isPowerOfTwo(termLengthBytes) || termLengthBytes < MIN_TERM_BYTES
            || termLengthBytes > MAX_TERM_BYTES) {
            errors.add("termLengthBytes=" + termLengthBytes + " is not a power of two from 64 KiB to 1 GiB");
        }
        if (!BitUtil.isPowerOfTwo(maxInFlight) || maxInFlight > MAX_IN_FLIGHT) {
            errors.add("maxInFlight=" + maxInFlight + " is not a power of two up to " + MAX_IN_FLIGHT);
        }
        if (!errors.isEmpty()) {
            final String text = String.join("; ", errors);
            errors.clear();
            throw new IllegalArgumentException(text);
        }
        return this;
    }

    static void checkName(final String name, final List<String> errors) {
        if (!NAME.matcher(name).matches()) {
            errors.add("name=" + name + " is not of a to z, 0 to 9 and hyphens between them, at most 64");
        }
    }

    String name() {
        return name;
    }

    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    Optional<Path> serviceFolder() {
        return Optional.ofNullable(serviceFolder);
    }

    Optional<Path> ownFolder() {
        return Optional.ofNullable(ownFolder);
    }

    Optional<String> secret() {
        return Optional.ofNullable(secret);
    }

    ClientWait waiting() {
        return waiting;
    }

    boolean isInvoked() {
        return invoked;
    }

    boolean hasDriverThread() {
        return driverThread;
    }

    int termLengthBytes() {
        return termLengthBytes;
    }

    int maxInFlight() {
        return maxInFlight;
    }

    NanoClock clock() {
        return clock;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }
}
