package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.RecordType;
import io.headrace.bus.ring.WaitProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Kills a leader that publishes at full speed, again and again, while a replica follows it. The replica never has
 * anything that the leader's log does not have, which a replica on a live stream does ({@link NaiveReplicaTest}).
 * {@code -Dheadrace.crash.seed=N} for the same moments.
 */
@Timeout(300)
class LeaderCrashTest {
    private static final int KILL_COUNT = 5;
    private static final long SEED = Long.getLong("headrace.crash.seed", System.nanoTime());
    private static final int FEWEST_EVENTS = 1_000;
    private static final int MOST_EVENTS = 60_000;
    private static final long NUMBERS_OF_ONE_LIFE = 1_000_000_000_000L;

    @TempDir
    private Path folder;
    private final Random random = new Random(SEED);
    private final CheckSumFollower follower = new CheckSumFollower();

    @Test
    void shouldNeverHaveGivenAReplicaWhatItsLogHasNot() throws Exception {
        System.out.println("headrace.crash.seed=" + SEED);
        for (int kill = 0; kill < KILL_COUNT; kill++) {
            followUntilKilled(kill);
        }
        assertEquals(-1, follower.cutSequence(), "the leader said that the replica has more than itself");
        assertEquals(List.of(), follower.troubles());
        assertTrue(follower.acceptedCount() >= KILL_COUNT);
        final Map<Long, Integer> recorded = recorded();
        follower.received().forEach((sequence, checkSum) ->
            assertEquals(recorded.get(sequence), checkSum, "event " + sequence + " at the leader and at the replica"));
        final long last = follower.nextSequence();
        assertEquals(follower.received().size(), recorded.keySet().stream().filter(sequence -> sequence < last).count(),
            "events that the replica left out");
        System.out.println("Replica on the recording: over " + KILL_COUNT + " SIGKILLs of the leader it received "
            + follower.received().size() + " events, and none that the leader's log has not");
    }

    private void followUntilKilled(final int life) throws IOException {
        final Process leader = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-Xmx256m",
            "-cp", System.getProperty("java.class.path"), CrashingLeader.class.getName(), folder.toString(),
            Long.toString(life * NUMBERS_OF_ONE_LIFE))
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = leader.inputReader(StandardCharsets.UTF_8)) {
            final int port = port(lines);
            final long until =
                follower.received().size() + FEWEST_EVENTS + random.nextInt(MOST_EVENTS - FEWEST_EVENTS);
            final LeaderLink link = follow(port);
            try {
                await().atMost(LinkFixture.PATIENCE).until(() -> follower.received().size() >= until);
                leader.toHandle().destroyForcibly();
                await().atMost(LinkFixture.PATIENCE).until(() -> !leader.isAlive());
            } finally {
                link.close();
            }
        } finally {
            leader.toHandle().destroyForcibly();
        }
    }

    private static int port(final BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(CrashingLeader.PORT)) {
                return Integer.parseInt(line.substring(CrashingLeader.PORT.length()));
            }
        }
        throw new AssertionError("the leader ended without listening");
    }

    private LeaderLink follow(final int port) {
        return new AeronLinkProvider().follow(
            new LeaderLinkContext("replica", List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                Optional.empty(), WaitProfile.YIELD, AgentHost.threads()),
            follower);
    }

    private Map<Long, Integer> recorded() {
        final Map<Long, Integer> recorded = new HashMap<>();
        try (LinkFixture leader = new LinkFixture(folder, 1 << 14); LogReader reader = leader.bus().newLogReader()) {
            while (reader.next()) {
                if (reader.type() == RecordType.EVENT) {
                    recorded.put(reader.sequence(),
                        CheckSumFollower.checkSum(reader.buffer(), reader.offset(), reader.lengthBytes()));
                }
            }
        }
        return recorded;
    }
}
