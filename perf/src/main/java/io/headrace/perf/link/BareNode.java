package io.headrace.perf.link;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ReplayParams;
import io.aeron.archive.client.ReplicationParams;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.headrace.client.link.LinkIdle;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A media driver, with an archive where one is wanted, and a client, all invoked by the one thread that owns this.
 * Aeron alone, with the lengths that Headrace takes; only how the thread waits is ours, so that both wait in the same
 * way.
 */
final class BareNode implements AutoCloseable {
    static final int STREAM_ID = 7300;
    static final int REPLAY_STREAM_ID = 7301;

    private static final int FRAGMENT_LIMIT = 256;
    private static final String IPC = "aeron:ipc";
    private static final String CONTROL = "aeron:ipc?term-length=64k";
    private static final String ANY_PORT = "aeron:udp?endpoint=localhost:0";
    private static final int TERM_LENGTH = 16 << 20;
    private static final int MTU = 65504;
    private static final int SEGMENT_LENGTH = 128 << 20;
    private static final int COUNTERS_LENGTH = 1 << 20;

    private final MediaDriver driver;
    private final Archive archive;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final IdleStrategy idle;
    private AeronArchive control;

    private BareNode(
        final String driverFolder, final MediaDriver driver, final Archive archive, final String waitProfile) {
        this.driver = driver;
        this.archive = archive;
        idle = idle(waitProfile);
        final Aeron.Context context = new Aeron.Context()
            .aeronDirectoryName(driverFolder)
            .useConductorAgentInvoker(true)
            .clientLock(NoOpLock.INSTANCE)
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE);
        if (driver != null) {
            context.driverAgentInvoker(driver.sharedAgentInvoker());
        }
        aeron = Aeron.connect(context);
        clientInvoker = aeron.conductorAgentInvoker();
        clientInvoker.start();
    }

    /** As Headrace's client waits, which is as its service does but for a wake-up by the event log. */
    private static IdleStrategy idle(final String waitProfile) {
        return switch (waitProfile) {
            case "eco" -> new LinkIdle();
            case "yield" -> YieldingIdleStrategy.INSTANCE;
            case "spin" -> BusySpinIdleStrategy.INSTANCE;
            default -> throw new IllegalArgumentException("waitProfile=" + waitProfile);
        };
    }

    static BareNode withoutArchive(final String waitProfile) throws IOException {
        final MediaDriver driver = driver();
        return new BareNode(driver.aeronDirectoryName(), driver, null, waitProfile);
    }

    /** With the driver of another process. */
    static BareNode joined(final String driverFolder, final String waitProfile) {
        return new BareNode(driverFolder, null, null, waitProfile);
    }

    /** With an archive, whose control can be reached at the port. */
    static BareNode withArchive(final Path folder, final int controlPort, final String waitProfile)
        throws IOException {
        final MediaDriver driver = driver();
        final Archive archive = Archive.launch(new Archive.Context()
            .aeronDirectoryName(driver.aeronDirectoryName())
            .archiveDir(folder.toFile())
            .threadingMode(ArchiveThreadingMode.INVOKER)
            .mediaDriverAgentInvoker(driver.sharedAgentInvoker())
            .controlChannel(controlChannel(controlPort))
            .localControlChannel(CONTROL)
            .archiveClientContext(new AeronArchive.Context().controlResponseChannel(ANY_PORT))
            .replicationChannel(ANY_PORT)
            .recordingEventsEnabled(false)
            .segmentFileLength(SEGMENT_LENGTH));
        final BareNode node = new BareNode(driver.aeronDirectoryName(), driver, archive, waitProfile);
        node.control = AeronArchive.connect(new AeronArchive.Context()
            .aeron(node.aeron).ownsAeronClient(false)
            .controlRequestChannel(CONTROL)
            .controlRequestStreamId(archive.context().localControlStreamId())
            .controlResponseChannel(CONTROL)
            .agentInvoker(archive.invoker())
            .idleStrategy(YieldingIdleStrategy.INSTANCE)
            .lock(NoOpLock.INSTANCE));
        return node;
    }

    static String controlChannel(final int port) {
        return "aeron:udp?endpoint=localhost:" + port;
    }

    private static MediaDriver driver() throws IOException {
        final Path memory = Path.of("/dev/shm");
        final Path folder = Files.isDirectory(memory) ?
            Files.createTempDirectory(memory, "headrace-perf") : Files.createTempDirectory("headrace-perf");
        return MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.toString())
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.INVOKER)
            .counterValuesBufferLength(COUNTERS_LENGTH)
            .termBufferSparseFile(true));
    }

    /** Gives everything a turn; answers the amount of work done. */
    int doWork() {
        int workCount = clientInvoker.invoke();
        if (archive != null) {
            workCount += archive.invoker().invoke();
        } else if (driver != null) {
            workCount += driver.sharedAgentInvoker().invoke();
        }
        return workCount;
    }

    /**
     * A turn, and a pause when there was nothing to do. Not between events that are sent on a schedule: sending is no
     * work that a turn sees, and the pause would go past the next event's time.
     */
    void turn() {
        idle.idle(doWork());
    }

    /** A turn in which what there is to read is read, too, and a pause when there was nothing to do. */
    void turn(final Subscription subscription, final FragmentHandler handler) {
        idle.idle(doWork() + subscription.poll(handler, FRAGMENT_LIMIT));
    }

    /** The driver's folder, for a process beside this one. */
    String driverFolder() {
        return driver.aeronDirectoryName();
    }

    Subscription subscribe(final String channel) {
        return aeron.addSubscription(channel, STREAM_ID);
    }

    ExclusivePublication publish(final String channel) {
        return aeron.addExclusivePublication(channel, STREAM_ID);
    }

    /** A publication into a recording, as the event log has it. */
    ExclusivePublication publishRecorded() {
        final ExclusivePublication publication = aeron.addExclusivePublication(
            IPC + "?term-length=" + TERM_LENGTH + "|mtu=" + MTU, STREAM_ID);
        control.startRecording(IPC + "?session-id=" + publication.sessionId(), STREAM_ID, SourceLocation.LOCAL);
        final CountersReader counters = aeron.countersReader();
        while (RecordingPos.findCounterIdBySession(counters, publication.sessionId(), control.archiveId())
            == CountersReader.NULL_COUNTER_ID) {
            doWork();
        }
        return publication;
    }

    /** Copies the first recording of another archive, as it grows, and reads the copy. */
    Subscription followRecordingAt(final int controlPort) {
        control.replicate(0, AeronArchive.Configuration.controlStreamId(), controlChannel(controlPort),
            new ReplicationParams());
        while (control.listRecordingsForUri(0, 1, "", STREAM_ID, (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q) -> {
        }) == 0 || control.getMaxRecordedPosition(0) <= 0) {
            doWork();
        }
        return control.replay(0, IPC, REPLAY_STREAM_ID, new ReplayParams().position(0).length(Long.MAX_VALUE));
    }

    /** Reads the first recording of another archive, as that replays it to a port here. */
    Subscription replayOf(final int controlPort, final int replayPort) {
        control = AeronArchive.connect(new AeronArchive.Context()
            .aeron(aeron).ownsAeronClient(false)
            .controlRequestChannel(controlChannel(controlPort))
            .controlResponseChannel(ANY_PORT)
            .agentInvoker(driver.sharedAgentInvoker())
            .idleStrategy(YieldingIdleStrategy.INSTANCE)
            .lock(NoOpLock.INSTANCE));
        return control.replay(0, controlChannel(replayPort), REPLAY_STREAM_ID,
            new ReplayParams().position(0).length(Long.MAX_VALUE));
    }

    /** Waits until everything up to a position is recorded. */
    void awaitRecorded(final long position) {
        while (control.getMaxRecordedPosition(0) < position) {
            doWork();
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(control, aeron, archive, driver);
    }
}
