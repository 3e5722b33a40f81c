package io.headrace.aeron.link;

import io.aeron.Aeron;
import io.aeron.Subscription;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Why replicas follow what is recorded. With bare Aeron, a replica on the live stream that the leader records has taken
 * numbers that the leader's recording does not have after a SIGKILL; and when the leader goes on, other numbers stand
 * at the same positions. Nothing reports an error. Replicas of this project follow the recording instead.
 */
@Timeout(120)
class NaiveReplicaTest {
    private static final int RECORDED_COUNT = 200;
    /** Less than fits into a window of the stream, so that the spy which does not read does not stop it. */
    private static final int UNRECORDED_COUNT = 100;
    private static final long SECOND_LIFE = 1_000_000;

    @TempDir
    private Path folder;
    /** Numbers by the positions behind them. */
    private final TreeMap<Long, Long> received = new TreeMap<>();
    private final FragmentHandler handler =
        (buffer, offset, length, header) -> received.putIfAbsent(header.position(), buffer.getLong(offset));

    @Test
    void shouldGetAheadOfTheLeadersRecordingOnTheLiveStream() throws Exception {
        final int port = freePort();
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(folder.resolve("replica").toString())
            .threadingMode(ThreadingMode.SHARED)
            .counterValuesBufferLength(1 << 20)
            .termBufferSparseFile(true)
            .dirDeleteOnShutdown(true));
            Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName()));
            Subscription live = aeron.addSubscription("aeron:udp?endpoint=127.0.0.1:" + port, NaiveLeader.STREAM_ID)) {
            follow(live, port, 0, RECORDED_COUNT, UNRECORDED_COUNT);
            assertEquals(RECORDED_COUNT + UNRECORDED_COUNT, received.size());
            final TreeMap<Long, Long> recorded = recorded();
            final long lost = received.tailMap(recorded.lastKey(), false).size();
            assertEquals(RECORDED_COUNT, recorded.size(), "the leader's recording");
            assertEquals(UNRECORDED_COUNT, lost, "what only the replica has");

            // The leader begins again where its recording ends, which is before where the replica's ends.
            follow(live, port, SECOND_LIFE, RECORDED_COUNT, 0);
            final TreeMap<Long, Long> extended = recorded();
            assertEquals(2 * RECORDED_COUNT, extended.size());
            final long differing = extended.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(received.get(entry.getKey()))).count();
            assertEquals(UNRECORDED_COUNT, differing, "positions with other content");
            assertFalse(extended.containsValue((long)RECORDED_COUNT), "a number that was lost came back");
            System.out.println("Naive replica on the live stream: after a SIGKILL of the leader it had " + lost
                + " messages that the leader's recording has not, and later " + differing
                + " positions with other content");
        }
    }

    /** Starts a leader, takes what it sends, and kills it. */
    private void follow(
        final Subscription live, final int port, final long first, final int recordedCount, final int unrecordedCount)
        throws IOException, InterruptedException {
        final int countBefore = received.size();
        final long lastNumber = first + recordedCount + unrecordedCount - 1;
        final Process leader = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-Xmx128m",
            "-cp", System.getProperty("java.class.path"), NaiveLeader.class.getName(), folder.toString(),
            Integer.toString(port), Long.toString(first), Integer.toString(recordedCount),
            Integer.toString(unrecordedCount))
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = leader.inputReader(StandardCharsets.UTF_8)) {
            final long[] newest = {-1};
            final FragmentHandler taking = (buffer, offset, length, header) -> {
                newest[0] = buffer.getLong(offset);
                handler.onFragment(buffer, offset, length, header);
            };
            while (newest[0] != lastNumber) {
                assertTrue(leader.isAlive(), "the leader ended, with " + (received.size() - countBefore) + " received");
                if (live.poll(taking, 100) == 0) {
                    Thread.yield();
                }
            }
            assertEquals(NaiveLeader.RECORDED, lines.readLine());
            assertEquals(NaiveLeader.SENT, lines.readLine());
        } finally {
            leader.toHandle().destroyForcibly();
            leader.waitFor();
        }
        while (live.imageCount() > 0) {
            live.poll(handler, 100);
        }
    }

    /** What the leader's archive has, once it has started again and found the end of its recording. */
    private TreeMap<Long, Long> recorded() throws IOException {
        final TreeMap<Long, Long> recorded = new TreeMap<>();
        try (ArchivingMediaDriver driver = NaiveLeader.launch(folder, ArchiveThreadingMode.SHARED);
            AeronArchive archive = NaiveLeader.connect(driver)) {
            final long end = archive.getStopPosition(0);
            try (Subscription replay = archive.replay(0, 0, end, "aeron:ipc", NaiveLeader.STREAM_ID + 1)) {
                while (replay.imageCount() == 0 || replay.imageAtIndex(0).position() < end) {
                    replay.poll(
                        (buffer, offset, length, header) -> recorded.put(header.position(), buffer.getLong(offset)),
                        100);
                    archive.checkForErrorResponse();
                }
            }
        }
        return recorded;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }
}
