package io.headrace.client.link;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.RethrowingErrorHandler;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The media driver of a service on the same host, for links over IPC. Given its turns by the link thread; leases are
 * for any thread.
 *
 * <p>The driver comes and goes with its service. A client belongs to one driver: when another one is in the folder, a
 * new client is made, and the old one is closed when all its leases are given back, as its memory may be read until
 * then.
 */
public final class JoinedDriver implements LinkTransport {
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long DRIVER_ALIVE_MS = 5_000;
    private static final long CLOSE_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Whether the driver lives is seen from its identity and from the service's silence, and not from its clock. */
    private static final long DRIVER_TIMEOUT_MS = TimeUnit.MINUTES.toMillis(10);

    private final String name;
    private final Path memory;
    private final ErrorHandler errors;
    private final NanoClock clock;
    private final List<Client> retired = new ArrayList<>();
    private volatile Client current;
    private long nextLookNs;

    /**
     * Looks for a driver from now on.
     *
     * @param name   of this process, for the service's tools.
     * @param folder of the service's link driver.
     * @param errors gets what goes wrong.
     * @param clock  of the link thread.
     */
    public JoinedDriver(final String name, final Path folder, final ErrorHandler errors, final NanoClock clock) {
        this.name = name;
        this.memory = LinkDriverFolder.memoryOf(folder.toAbsolutePath());
        this.errors = errors;
        this.clock = clock;
        nextLookNs = clock.nanoTime();
    }

    @Override
    public Lease lease() {
        final Client client = current;
        return client != null && client.take() ? client : null;
    }

    @Override
    public int doWork() {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextLookNs >= 0) {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
            look();
        }
        int workCount = 0;
        final Client client = current;
        if (client != null) {
            workCount += client.invoker.invoke();
        }
        for (int i = retired.size() - 1; i >= 0; i--) {
            if (retired.get(i).isUnused()) {
                CloseHelper.close(errors, retired.remove(i).aeron);
                workCount++;
            }
        }
        return workCount;
    }

    private void look() {
        final Identity identity = identity();
        final Identity there = identity != null && isAlive() ? identity : null;
        final Client client = current;
        if (client != null && (!client.identity.equals(there) || client.aeron.isClosed())) {
            current = null;
            client.good = false;
            retired.add(client);
        }
        if (current == null && there != null) {
            try {
                current = connect(there);
            } catch (final RuntimeException e) {
                errors.onError(e);
            }
        }
    }

    private boolean isAlive() {
        try {
            return CommonContext.isDriverActive(memory.toFile(), DRIVER_ALIVE_MS, text -> { });
        } catch (final RuntimeException e) {
            errors.onError(e);
            return false;
        }
    }

    private Client connect(final Identity identity) {
        final Aeron aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(memory.toString())
            .clientName("headrace " + name)
            .useConductorAgentInvoker(true)
            .driverTimeoutMs(DRIVER_TIMEOUT_MS)
            .closeLingerDurationNs(CLOSE_LINGER_NS)
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
            .errorHandler(errors));
        final Client client = new Client(aeron, identity);
        client.invoker.start();
        return client;
    }

    /** Which driver is in the folder; read and not mapped, as the file may go at any moment. Null for none. */
    private Identity identity() {
        try (FileChannel file = FileChannel.open(
            memory.resolve(CncFileDescriptor.CNC_FILE), StandardOpenOption.READ)) {
            final ByteBuffer head = ByteBuffer.allocate(CncFileDescriptor.META_DATA_LENGTH)
                .order(ByteOrder.nativeOrder());
            while (head.hasRemaining() && file.read(head) >= 0) {
                continue;
            }
            return head.hasRemaining() || head.getInt(CncFileDescriptor.cncVersionOffset(0)) == 0 ? null : new Identity(
                head.getLong(CncFileDescriptor.startTimestampOffset(0)),
                head.getLong(CncFileDescriptor.pidOffset(0)));
        } catch (final NoSuchFileException e) {
            return null;
        } catch (final IOException e) {
            errors.onError(e);
            return null;
        }
    }

    @Override
    public String remedy() {
        return "no service has its link driver in " + memory.getParent()
            + ": start it with this bus.listen.driver-path, or correct the path";
    }

    /** Closes every client; nothing of them may be used any more. */
    @Override
    public void close() {
        final Client client = current;
        current = null;
        if (client != null) {
            client.good = false;
            retired.add(client);
        }
        for (final Client each : retired) {
            CloseHelper.close(errors, each.aeron);
        }
        retired.clear();
    }

    private record Identity(long startTimeMs, long processId) {
    }

    /** One client of one driver. */
    private static final class Client implements Lease {
        private static final int CLOSED = -1;

        private final Aeron aeron;
        private final AgentInvoker invoker;
        private final Identity identity;
        private final AtomicInteger leaseCount = new AtomicInteger();
        private volatile boolean good = true;

        private Client(final Aeron aeron, final Identity identity) {
            this.aeron = aeron;
            this.invoker = aeron.conductorAgentInvoker();
            this.identity = identity;
        }

        /** Nobody takes it between the look at the count and the closing. */
        private boolean take() {
            int count = leaseCount.get();
            while (count != CLOSED && good) {
                if (leaseCount.compareAndSet(count, count + 1)) {
                    return true;
                }
                count = leaseCount.get();
            }
            return false;
        }

        private boolean isUnused() {
            return leaseCount.compareAndSet(0, CLOSED);
        }

        @Override
        public Aeron aeron() {
            return aeron;
        }

        @Override
        public boolean isGood() {
            return good && !aeron.isClosed();
        }

        @Override
        public void giveBack() {
            leaseCount.decrementAndGet();
        }
    }
}
