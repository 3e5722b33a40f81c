package io.headrace.adapters.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Hands a bus over from one service to another with the built distribution, planned and after a crash. */
@Timeout(600)
class HeadracePromoteIT {
    @TempDir
    private Path folder;
    private TestBroker broker;
    private String firstAddress;
    private String secondAddress;
    private ReplicaSite first;
    private ReplicaSite second;
    private int sentCount;

    @BeforeEach
    void start() throws Exception {
        broker = new TestBroker(folder.resolve("broker"));
        firstAddress = freeAddress();
        secondAddress = freeAddress();
        first = site("first");
        second = site("second");
        first.configure(listen(firstAddress, ""), sources());
        second.configure(listen(secondAddress, "") + follow(firstAddress), sources());
        first.start();
        second.start();
        awaitSource(first);
        send(300);
        awaitWritten(first);
        awaitWritten(second);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        broker.close();
    }

    private ReplicaSite site(final String name) throws IOException {
        return new ReplicaSite(folder.resolve(name), List.of(), List.of(), "127.0.0.1", "");
    }

    private static String freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static String listen(final String address, final String more) {
        return "  listen: {address: \"" + address + "\"" + more + "}\n";
    }

    private static String follow(final String address) {
        return "  follow: {leaders: [\"" + address + "\"]}\n";
    }

    private String sources() {
        return """
            machines:
              type: mqtt
              options:
                broker: {host: 127.0.0.1, port: %d, client-id: machines}
                message-id-property: id
                subscriptions:
                  - {filter: "hall/#"}
            """.formatted(broker.port());
    }

    private void send(final int count) {
        for (int i = 0; i < count; i++) {
            final String text = "reading " + sentCount++;
            broker.publish("hall/press/temperature", text, text);
        }
    }

    private static void awaitSource(final ReplicaSite site) {
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> site.status().get("sources").path(0).path("health").asText().equals("up"));
    }

    private void awaitWritten(final ReplicaSite site) {
        await().atMost(HeadraceProcess.PATIENCE).until(() -> site.writtenCount() >= sentCount);
    }

    private CommandRun promote(final String... more) {
        final List<String> args = new ArrayList<>(
            List.of("promote", "--url", second.control().toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(String[]::new));
    }

    private static List<String> texts(final ReplicaSite site) {
        return site.written().stream().map(event -> event.substring(event.indexOf(' ') + 1)).toList();
    }

    private List<String> sent() {
        return IntStream.range(0, sentCount).mapToObj(number -> "reading " + number).toList();
    }

    @Test
    void shouldHandOverWithoutLosingOrDoublingAnything() throws Exception {
        final CommandRun promoted = promote();
        assertEquals(ExitCode.OK, promoted.exitCode(), promoted.err());
        assertTrue(promoted.out().contains("leads epoch 2"), promoted.out());
        final JsonNode former = first.status();
        assertEquals("fenced", former.path("replication").path("role").asText(), former.toString());
        assertEquals("down", former.path("replication").path("health").asText(), former.toString());
        assertEquals("leader", second.status().path("replication").path("role").asText());
        final CommandRun again = promote();
        assertEquals(ExitCode.FAILED, again.exitCode(), again.out());

        awaitSource(second);
        send(300);
        awaitWritten(second);
        assertEquals(sent(), texts(second));
        assertEquals(300, first.writtenCount(), "a fenced leader took events");

        // The former leader follows.
        assertEquals(ExitCode.OK, first.stop(), first.process().err());
        first.configure(listen(firstAddress, "") + follow(secondAddress), sources());
        first.start();
        awaitWritten(first);
        assertEquals(second.written(), first.written());
    }

    @Test
    void shouldTellAFormerLeaderWhatOnlyItHasAndCutThat() throws Exception {
        second.kill();
        send(50);
        awaitWritten(first);
        first.kill();
        second.start();
        await().atMost(HeadraceProcess.PATIENCE).until(() -> second.replicaState().startsWith("leader away"));
        final CommandRun refused = promote("--timeout", "1s");
        assertEquals(ExitCode.FAILED, refused.exitCode(), refused.out());
        assertTrue(refused.err().contains("cannot be asked to step down"), refused.err());
        final CommandRun forced = promote("--force");
        assertEquals(ExitCode.OK, forced.exitCode(), forced.err());
        awaitSource(second);
        send(100);
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> texts(second).contains("reading " + (sentCount - 1)));

        // It would lead again, and is told that another one does.
        first.configure(listen(firstAddress, ", peers: [\"" + secondAddress + "\"]"), sources());
        first.start();
        assertEquals(ExitCode.FAILED, first.process().awaitExit());
        final String err = first.process().err();
        assertTrue(err.contains("leads epoch 2"), err);
        assertEquals(sentCount - 50, second.writtenCount());
        assertTrue(err.contains("are only here"), err);

        // As a replica it cuts them off, and names them.
        first.configure(follow(secondAddress), sources());
        first.start();
        await().atMost(HeadraceProcess.PATIENCE).until(() -> first.replicaState().equals("following"));
        assertTrue((first.process().out() + first.process().err()).contains("50 events were cut"),
            first.process().out() + first.process().err());
        send(50);
        await().atMost(HeadraceProcess.PATIENCE).until(
            () -> texts(first).contains("reading " + (sentCount - 1)));
        // What it had brought to its own target before stays there; behind it comes what the new leader has.
        final List<String> bySecond = second.written();
        final List<String> byFirst = first.written();
        assertEquals(bySecond.subList(300, bySecond.size()), byFirst.subList(350, byFirst.size()));
    }
}
