package io.headrace.aeron.log;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.RethrowingErrorHandler;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveCounters;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ArchiveException;
import io.aeron.archive.codecs.RecordingSignal;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogContext.Driver;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogException.Category;
import io.headrace.bus.log.SyncLevel;
import org.agrona.CloseHelper;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.YieldingIdleStrategy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A media driver, an archive and their clients, for one log. Owned by the log thread, which also does their work when
 * they are {@link Driver#INVOKED}. Only IPC: nothing of it can be reached over the network.
 *
 * <p>What the driver keeps is small where the defaults are for hundreds of streams, and apart from the segments: a full
 * disk then fails a write with a reason, and not a mapped page with a signal. A stall of the one thread (a slow disk, a
 * suspended machine) must not look like the death of the others, so their time-outs are long and their clock does not
 * jump; whoever dies dies with the process.
 */
final class ArchiveHost implements AutoCloseable {
    private static final String CONTROL_CHANNEL = "aeron:ipc?term-length=64k";
    private static final int COUNTER_VALUES_LENGTH_BYTES = 1 << 20;
    private static final int LOW_MEMORY_BYTES = 1 << 20;
    /** A machine with too much to do takes its time, and nobody is served by giving up. */
    private static final long MESSAGE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long INVOKED_LIVENESS_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long THREADED_LIVENESS_TIMEOUT_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long CONTROL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final StorageErrors errors;
    private final Path ownFolder;
    private final long livenessTimeoutNs;
    private MediaDriver mediaDriver;
    private Archive archive;
    private Aeron aeron;
    private AeronArchive control;
    private AgentInvoker archiveInvoker;
    private AgentInvoker turnInvoker;
    private AgentInvoker clientInvoker;
    private boolean purging;
    private long nextControlNs = System.nanoTime();

    private ArchiveHost(final Path ownFolder, final long livenessTimeoutNs, final StorageErrors errors) {
        this.ownFolder = ownFolder;
        this.livenessTimeoutNs = livenessTimeoutNs;
        this.errors = errors;
    }

    /**
     * Starts it, or connects to one that runs elsewhere.
     *
     * @param context        of the log, whose lock is held.
     * @param driverFolder   where the driver keeps its memory; when it is ours, what is there is deleted.
     * @param neededBytes    below this much free space the archive begins no recording.
     * @param errors         gets what goes wrong meanwhile.
     * @return the running host.
     * @throws LogException when it does not start.
     */
    static ArchiveHost start(
        final EventLogContext context, final Path driverFolder, final long neededBytes, final StorageErrors errors) {
        final boolean external = context.driver() == Driver.EXTERNAL;
        final ArchiveHost host = new ArchiveHost(
            external ? null : driverFolder,
            context.driver() == Driver.INVOKED ? INVOKED_LIVENESS_TIMEOUT_NS : THREADED_LIVENESS_TIMEOUT_NS,
            errors);
        try {
            if (external) {
                host.connect(driverFolder);
            } else {
                host.launch(context, DriverFolder.make(driverFolder), neededBytes);
            }
            return host;
        } catch (final LogException e) {
            host.close();
            throw e;
        } catch (final Exception e) {
            host.close();
            throw new LogException(
                Category.STORAGE,
                external
                    ? "no driver with an archive answers in " + driverFolder + ": start them, or choose another driver"
                        + " for the event log in " + context.folder() + " (" + e.getMessage() + ")"
                    : "the driver and the archive of the event log in " + context.folder() + " do not start: "
                        + e.getMessage() + "; look whether " + driverFolder.getParent() + " can be written and has room"
                        + " for three terms and 16 MB",
                e);
        }
    }

    private void launch(final EventLogContext context, final Path driverFolder, final long neededBytes) {
        final boolean invoked = context.driver() == Driver.INVOKED;
        final EpochClock clock = steadyClock();
        mediaDriver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(driverFolder.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(invoked ? ThreadingMode.INVOKER : ThreadingMode.SHARED)
            .sharedIdleStrategy(invoked ? YieldingIdleStrategy.INSTANCE : backoff())
            .asyncExecutorEnabled(false)
            .counterValuesBufferLength(COUNTER_VALUES_LENGTH_BYTES)
            .termBufferSparseFile(true)
            .lowStorageWarningThreshold(LOW_MEMORY_BYTES)
            .clientLivenessTimeoutNs(livenessTimeoutNs)
            .publicationUnblockTimeoutNs(2 * livenessTimeoutNs)
            .epochClock(clock)
            .errorHandler(errors));
        archive = launchArchive(context, driverFolder, neededBytes, clock);
        archiveInvoker = archive.invoker();
        if (invoked) {
            turnInvoker = turns(mediaDriver.sharedAgentInvoker(), archiveInvoker);
        }
        final Aeron.Context client = clientContext(driverFolder, clock);
        if (invoked) {
            client.useConductorAgentInvoker(true)
                .driverAgentInvoker(mediaDriver.sharedAgentInvoker())
                .clientLock(NoOpLock.INSTANCE);
        }
        connect(client);
    }

    private Archive launchArchive(
        final EventLogContext context, final Path driverFolder, final long neededBytes, final EpochClock clock) {
        final boolean invoked = context.driver() == Driver.INVOKED;
        final int syncLevel = context.syncLevel() == SyncLevel.DATA ? 1 : 0;
        // The client that the archive would make for itself takes a stall of 10 s for the driver's death.
        final Aeron client = Aeron.connect(clientContext(driverFolder, clock)
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(mediaDriver.sharedAgentInvoker())
            .clientLock(NoOpLock.INSTANCE)
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
            .errorHandler(errors)
            .clientName("headrace archive"));
        try {
            return Archive.launch(new Archive.Context()
                .aeron(client)
                .ownsAeronClient(true)
                .errorCounter(ArchiveCounters.allocate(
                    client,
                    new ExpandableArrayBuffer(),
                    AeronCounters.ARCHIVE_ERROR_COUNT_TYPE_ID,
                    "archive errors",
                    client.clientId()))
                .archiveDir(context.folder().toFile())
                .markFileDir(driverFolder.resolveSibling("archive").toFile())
                .threadingMode(invoked ? ArchiveThreadingMode.INVOKER : ArchiveThreadingMode.SHARED)
                .idleStrategySupplier(() -> invoked ? YieldingIdleStrategy.INSTANCE : backoff())
                .connectTimeoutNs(MESSAGE_TIMEOUT_NS)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel(CONTROL_CHANNEL))
                .replicationChannel("aeron:udp?endpoint=localhost:0")
                .recordingEventsEnabled(false)
                .segmentFileLength(context.segmentLengthBytes())
                .fileSyncLevel(syncLevel)
                .catalogFileSyncLevel(syncLevel)
                .lowStorageSpaceThreshold(neededBytes)
                .epochClock(clock)
                .errorHandler(errors));
        } catch (final Exception e) {
            CloseHelper.quietClose(client);
            throw e;
        }
    }

    private Aeron.Context clientContext(final Path driverFolder, final EpochClock clock) {
        return new Aeron.Context()
            .aeronDirectoryName(driverFolder.toString())
            .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(livenessTimeoutNs))
            .epochClock(clock);
    }

    private void connect(final Path driverFolder) {
        if (!Files.exists(driverFolder.resolve("cnc.dat"))) {
            throw new LogException(
                Category.STORAGE,
                "no media driver runs in " + driverFolder + ": start it with an archive, or choose another driver for"
                    + " the event log",
                null);
        }
        connect(new Aeron.Context().aeronDirectoryName(driverFolder.toString()));
    }

    private void connect(final Aeron.Context client) {
        aeron = Aeron.connect(client
            .clientName("headrace event log")
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE)
            .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
            .errorHandler(errors));
        clientInvoker = aeron.conductorAgentInvoker();
        if (clientInvoker != null) {
            clientInvoker.start();
        }
        control = AeronArchive.connect(new AeronArchive.Context()
            .aeron(aeron)
            .ownsAeronClient(false)
            .controlRequestChannel(CONTROL_CHANNEL)
            .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
            .controlResponseChannel(CONTROL_CHANNEL)
            .agentInvoker(turnInvoker)
            .idleStrategy(YieldingIdleStrategy.INSTANCE)
            .lock(NoOpLock.INSTANCE)
            .messageTimeoutNs(MESSAGE_TIMEOUT_NS)
            .recordingSignalConsumer((controlSessionId, correlationId, recordingId, subscriptionId, position, signal) ->
                purging &= signal != RecordingSignal.DELETE)
            .errorHandler(errors));
    }

    /** {@return the client, for publications and counters} */
    Aeron aeron() {
        return aeron;
    }

    /** {@return the archive's control} */
    AeronArchive control() {
        return control;
    }

    /** {@return whether segments are still being deleted; the archive takes no second order meanwhile} */
    boolean isPurging() {
        if (purging) {
            hearControl();
        }
        return purging;
    }

    /**
     * Has whole segments deleted, one with each turn of the archive.
     *
     * @param recordingId that they belong to.
     * @param position    where the first segment begins that is kept.
     * @return how many there are.
     * @throws AeronException when the archive refuses, as a replay still needs them.
     */
    long purge(final long recordingId, final long position) {
        purging = true;
        try {
            return control.purgeSegments(recordingId, position);
        } catch (final AeronException e) {
            purging = false;
            throw e;
        }
    }

    /**
     * Does a part of the work that is ours.
     *
     * @return the amount of work done.
     */
    int doWork() {
        int workCount = 0;
        if (archiveInvoker != null) {
            workCount += turnInvoker.invoke() + clientInvoker.invoke();
        }
        final long nowNs = System.nanoTime();
        if (nowNs - nextControlNs >= 0) {
            nextControlNs = nowNs + CONTROL_INTERVAL_NS;
            hearControl();
        }
        return workCount;
    }

    /** The archive pings its clients, and complains to them. */
    void hearControl() {
        if (isRunning() && control.state() == AeronArchive.State.CONNECTED) {
            final String error = control.pollForErrorResponse();
            if (error != null) {
                errors.onError(new ArchiveException(error));
            }
        }
    }

    /** {@return whether driver, archive and client are alive, as far as one can see from here} */
    boolean isRunning() {
        return !aeron.isClosed() && (archiveInvoker == null || archiveInvoker.isRunning());
    }

    /** Stops what is ours, in any state, and deletes the driver's folder. */
    @Override
    public void close() {
        CloseHelper.closeAll(errors, control, aeron, archive, mediaDriver);
        if (ownFolder != null) {
            DriverFolder.delete(ownFolder, errors);
        }
    }

    /** One turn of each: left to itself, the archive gives the driver three for one of its own. */
    private AgentInvoker turns(final AgentInvoker driver, final AgentInvoker recorder) {
        final AgentInvoker both = new AgentInvoker(errors, null, new Agent() {
            @Override
            public int doWork() {
                return recorder.invoke() + driver.invoke();
            }

            @Override
            public String roleName() {
                return "headrace driver and archive";
            }
        });
        both.start();
        return both;
    }

    private static IdleStrategy backoff() {
        return new BackoffIdleStrategy(10, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** The time since the epoch at the start, and from there on as the monotonic clock goes. */
    private static EpochClock steadyClock() {
        final long startMs = System.currentTimeMillis();
        final long startNs = System.nanoTime();
        return () -> startMs + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }
}
