package io.headrace.perf.log;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

import java.nio.file.Path;

/**
 * What Headrace's event log is compared with: one exclusive publication into an archive, both invoked by the one
 * thread that owns this, with the same lengths and sync level. Aeron alone, nothing of ours.
 */
final class BareArchive implements AutoCloseable {
    /** Not one of the archive's own, which would take every message for a request to it. */
    private static final int STREAM_ID = 7300;
    private static final String CONTROL = "aeron:ipc?term-length=64k";
    private static final int TERM_LENGTH = 16 << 20;
    private static final int MTU = 65504;
    private static final int SEGMENT_LENGTH = 128 << 20;
    private static final int COUNTERS_LENGTH = 1 << 20;

    private final MediaDriver driver;
    private final Archive archive;
    private final Aeron aeron;
    private final AeronArchive control;
    private final AgentInvoker clientInvoker;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int recordingCounter;

    BareArchive(final Path folder, final Path driverFolder, final boolean sync) {
        driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(driverFolder.toString())
            .dirDeleteOnStart(true).dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.INVOKER)
            .counterValuesBufferLength(COUNTERS_LENGTH)
            .termBufferSparseFile(true));
        archive = Archive.launch(new Archive.Context()
            .aeronDirectoryName(driverFolder.toString())
            .archiveDir(folder.toFile())
            .threadingMode(ArchiveThreadingMode.INVOKER)
            .mediaDriverAgentInvoker(driver.sharedAgentInvoker())
            .controlChannelEnabled(false)
            .archiveClientContext(new AeronArchive.Context().controlResponseChannel(CONTROL))
            .replicationChannel("aeron:udp?endpoint=localhost:0")
            .recordingEventsEnabled(false)
            .segmentFileLength(SEGMENT_LENGTH)
            .fileSyncLevel(sync ? 1 : 0).catalogFileSyncLevel(sync ? 1 : 0));
        aeron = Aeron.connect(new Aeron.Context()
            .aeronDirectoryName(driverFolder.toString())
            .useConductorAgentInvoker(true)
            .driverAgentInvoker(driver.sharedAgentInvoker())
            .clientLock(NoOpLock.INSTANCE)
            .awaitingIdleStrategy(YieldingIdleStrategy.INSTANCE));
        clientInvoker = aeron.conductorAgentInvoker();
        clientInvoker.start();
        control = AeronArchive.connect(new AeronArchive.Context()
            .aeron(aeron).ownsAeronClient(false)
            .controlRequestChannel(CONTROL)
            .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
            .controlResponseChannel(CONTROL)
            .agentInvoker(archive.invoker())
            .idleStrategy(YieldingIdleStrategy.INSTANCE)
            .lock(NoOpLock.INSTANCE));
        publication = aeron.addExclusivePublication(
            "aeron:ipc?term-length=" + TERM_LENGTH + "|mtu=" + MTU, STREAM_ID);
        control.startRecording(
            "aeron:ipc?session-id=" + publication.sessionId(), STREAM_ID, SourceLocation.LOCAL);
        counters = aeron.countersReader();
        recordingCounter = awaitCounter();
    }

    private int awaitCounter() {
        int counter = CountersReader.NULL_COUNTER_ID;
        while (counter == CountersReader.NULL_COUNTER_ID) {
            doWork();
            counter = RecordingPos.findCounterIdBySession(
                counters, publication.sessionId(), control.archiveId());
        }
        return counter;
    }

    void doWork() {
        archive.invoker().invoke();
        clientInvoker.invoke();
    }

    /** Offers until there is room; answers the position behind the message. */
    long offer(final DirectBuffer message, final int lengthBytes) {
        long position = publication.offer(message, 0, lengthBytes);
        while (position < 0) {
            doWork();
            position = publication.offer(message, 0, lengthBytes);
        }
        return position;
    }

    long recordedPosition() {
        return counters.getCounterValue(recordingCounter);
    }

    void awaitRecorded(final long position) {
        while (recordedPosition() < position) {
            doWork();
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(control, aeron, archive, driver);
    }
}
