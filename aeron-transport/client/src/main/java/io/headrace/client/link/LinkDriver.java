package io.headrace.client.link;

import io.aeron.Aeron;
import io.aeron.RethrowingErrorHandler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A media driver of our own, for UDP and for processes that share it over IPC, with a client of it. Owned by the link
 * thread, which drives both with {@link #doWork()}, unless the driver has a thread of its own.
 *
 * <p>It is apart from the event log's driver, so that nothing that peers do can stall or corrupt a recording. What it
 * keeps is small, and its time-outs are short where a peer may be gone.
 */
public final class LinkDriver implements LinkTransport {
    private static final int COUNTER_VALUES_LENGTH_BYTES = 1 << 20;
    private static final int LOW_MEMORY_BYTES = 1 << 20;
    private static final int WINDOW_BYTES = 2 << 20;
    private static final int SHARED_IPC_MTU_BYTES = 8192;
    /** A process that stalls for less is not dead. */
    private static final long SHARED_LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long UNSHARED_LIVENESS_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long PEER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long TIMER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /**
     * A receiver asks for the first gap of a stream only, and all that came behind it waits. Whatever is lost a second
     * time must therefore not wait for long: by Aeron's default a sender does not send the same again within 10 ms, at
     * which a stream of 10,000 packets a second that loses 5 % of them stands still for half of the time, and p50 goes
     * to hundreds of milliseconds. Its receivers ask again after 0.1 ms, which is less than the way there and back.
     */
    private static final long RESEND_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(900);
    private static final long ASK_DELAY_NS = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long ASK_AGAIN_RATIO = 100;
    private static final long LAST_WORDS_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LinkDriverContext context;
    private final LinkDriverFolder folder;
    private final Lease lease = new OwnLease();
    private MediaDriver mediaDriver;
    private AgentInvoker driverInvoker;
    private Aeron aeron;
    private AgentInvoker clientInvoker;

    private LinkDriver(final LinkDriverContext context, final LinkDriverFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    /**
     * Starts a driver and its client.
     *
     * @param context how it is.
     * @return the driver, which needs its turns if it has no thread.
     * @throws IOException when its folder cannot be had or the driver does not start.
     */
    public static LinkDriver launch(final LinkDriverContext context) throws IOException {
        final LinkDriver driver = new LinkDriver(context, LinkDriverFolder.take(context.name(), context.folder()));
        try {
            driver.launch();
            return driver;
        } catch (final RuntimeException | IOException e) {
            driver.close();
            throw new IOException(
                "the media driver for links does not start in " + driver.folder() + ": " + e.getMessage()
                    + "; look whether the folder can be written and has 16 MB to spare", e);
        }
    }

    private void launch() throws IOException {
        // Processes that share a driver compare each other's heartbeats, for which they need one clock.
        final EpochClock clock = context.shared() ? SystemEpochClock.INSTANCE : steadyClock();
        final long livenessTimeoutNs = context.shared() ? SHARED_LIVENESS_TIMEOUT_NS : UNSHARED_LIVENESS_TIMEOUT_NS;
        final int windowBytes = receiveBufferBytes();
        final MediaDriver.Context driver = new MediaDriver.Context()
            .aeronDirectoryName(folder.memory().toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(context.threadIdle().isPresent() ? ThreadingMode.SHARED : ThreadingMode.INVOKER)
            .asyncExecutorEnabled(false)
            .counterValuesBufferLength(COUNTER_VALUES_LENGTH_BYTES)
            .termBufferSparseFile(true)
            .lowStorageWarningThreshold(LOW_MEMORY_BYTES)
            .publicationTermBufferLength(LinkProtocol.TERM_LENGTH_BYTES)
            .ipcTermBufferLength(LinkProtocol.TERM_LENGTH_BYTES)
            .ipcMtuLength(SHARED_IPC_MTU_BYTES)
            .socketRcvbufLength(windowBytes)
            .initialWindowLength(windowBytes)
            .timerIntervalNs(TIMER_INTERVAL_NS)
            .clientLivenessTimeoutNs(livenessTimeoutNs)
            .publicationUnblockTimeoutNs(2 * livenessTimeoutNs)
            .imageLivenessTimeoutNs(PEER_TIMEOUT_NS)
            .publicationConnectionTimeoutNs(PEER_TIMEOUT_NS)
            .flowControlReceiverTimeoutNs(PEER_TIMEOUT_NS)
            .publicationLingerTimeoutNs(LINGER_NS)
            .nakUnicastDelayNs(ASK_DELAY_NS)
            .nakUnicastRetryDelayRatio(ASK_AGAIN_RATIO)
            .retransmitUnicastLingerNs(RESEND_PAUSE_NS)
            .epochClock(clock)
            .errorHandler(context.errors());
        context.threadIdle().ifPresent(driver::sharedIdleStrategy);
        mediaDriver = MediaDriver.launch(driver);
        driverInvoker = mediaDriver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(folder.memory().toString())
            .clientName("headrace " + context.name())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driverInvoker)
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(livenessTimeoutNs))
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
            .epochClock(clock)
            .errorHandler(context.errors()));
        clientInvoker = aeron.conductorAgentInvoker();
        clientInvoker.start();
    }

    /** As much of the wanted window as the machine's settings allow. */
    private static int receiveBufferBytes() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW_BYTES);
            return Math.min(WINDOW_BYTES, channel.getOption(StandardSocketOptions.SO_RCVBUF));
        }
    }

    /** The time since the epoch at the start, and from there on as the monotonic clock goes. */
    private static EpochClock steadyClock() {
        final long startMs = System.currentTimeMillis();
        final long startNs = System.nanoTime();
        return () -> startMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    /** {@return the client} */
    public Aeron aeron() {
        return aeron;
    }

    /** {@return the folder by which other processes of this host share the driver} */
    public Path folder() {
        return folder.path();
    }

    @Override
    public Lease lease() {
        return lease.isGood() ? lease : null;
    }

    @Override
    public int doWork() {
        return (driverInvoker == null ? 0 : driverInvoker.invoke()) + clientInvoker.invoke();
    }

    @Override
    public String remedy() {
        return "the media driver has ended: look into the log for why, and start the process again";
    }

    /** Sends what was said last, ends both, and deletes the memory. */
    @Override
    public void close() {
        if (aeron != null && !aeron.isClosed()) {
            final long deadlineNs = System.nanoTime() + LAST_WORDS_NS;
            while (System.nanoTime() - deadlineNs < 0) {
                doWork();
            }
        }
        CloseHelper.closeAll(context.errors(), aeron, mediaDriver, folder);
    }

    /** There is one client as long as there is the driver, so nothing needs to be counted. */
    private final class OwnLease implements Lease {
        @Override
        public Aeron aeron() {
            return aeron;
        }

        @Override
        public boolean isGood() {
            return aeron != null && !aeron.isClosed();
        }

        @Override
        public void giveBack() {
            // The client ends with the driver.
        }
    }
}
