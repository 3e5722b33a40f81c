package io.headrace.bus.service.config;

import io.headrace.bus.AgentHost;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.ring.WaitProfile;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where other processes link to the bus: the part {@code listen} of the section {@code bus}. Immutable.
 *
 * @param address    to listen at.
 * @param secret     that both sides know.
 * @param driverPath where the media driver of the links keeps its memory.
 * @param maxLinks   how many processes at once.
 * @param live       the stream of what is not recorded yet.
 * @param peers      who else may lead.
 */
public record ListenOptions(
    @Option(value = "The address and UDP port at which remote publishers, remote subscribers and replicas reach the" +
        " bus. Events are not encrypted on their way: listen in a network that you trust, or through a tunnel.",
        defaultValue = "127.0.0.1:7730")
    String address,
    @Option("A text that both sides know; who does not is refused. Without it everybody who reaches the address may" +
        " read every event and publish.")
    Optional<Secret> secret,
    @Option(value = "Where the media driver of the links keeps its memory, best on a memory file system: the folder" +
        " with which clients on this host link over shared memory. Without it one is chosen for the service.",
        example = "/dev/shm/headrace-plant-1")
    Optional<String> driverPath,
    @Option(value = "How many processes may be linked at once; further ones are refused.", defaultValue = "64",
        min = "1", max = "1024")
    int maxLinks,
    @Option("A stream of events that are not recorded yet, for those who would rather miss one than wait.")
    Optional<LiveOptions> live,
    @Option(value = "Other services of this bus that may have been promoted while this one was away. Before it" +
        " leads, each is asked; when one leads, this one does not start, and says which events only it has.",
        example = "[\"10.0.0.8:7730\"]", max = "64")
    List<String> peers) implements CheckedOptions {

    /** Copies the list. */
    public ListenOptions {
        peers = List.copyOf(peers);
    }

    /**
     * The stream of events that are not recorded yet. Immutable.
     *
     * @param topics  which topics are in it.
     * @param channel where it is sent.
     */
    public record LiveOptions(
        @Option(value = "Which topics are in it: exact names, or prefixes with a trailing `*`.", min = "1",
            max = "1024", example = "[\"meter.*\"]")
        List<String> topics,
        @Option(value = "The Aeron channel of the stream: multicast, or several destinations.",
            example = "aeron:udp?endpoint=239.10.0.1:7731|interface=10.0.0.0/24")
        String channel) {
        /** Copies the list. */
        public LiveOptions {
            topics = List.copyOf(topics);
        }
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        LinkAddress.check("address", address, true, problems);
        peers.forEach(peer -> LinkAddress.check("peers", peer, false, problems));
        driverPath.ifPresent(text -> checkPath(text, problems));
        if (live.isPresent() && !live.get().channel().startsWith("aeron:")) {
            problems.add(new OptionProblem("live.channel", Names.shown(live.get().channel()) + " is no Aeron channel",
                "Write one as aeron:udp?endpoint=239.10.0.1:7731"));
        }
        return problems;
    }

    private static void checkPath(final String text, final List<OptionProblem> problems) {
        boolean possible = !text.isBlank();
        try {
            Path.of(text);
        } catch (final InvalidPathException e) {
            possible = false;
        }
        if (!possible) {
            problems.add(new OptionProblem("driverPath", "no folder can have this name", "Name a folder"));
        }
    }

    /**
     * The server that these options describe.
     *
     * @param waitProfile of the bus.
     * @param agents      gives it its turns.
     * @return its configuration.
     */
    public LinkServerContext serverContext(final WaitProfile waitProfile, final AgentHost agents) {
        return new LinkServerContext(
            LinkAddress.resolve(address), driverPath.map(Path::of), secret.map(Secret::value), maxLinks,
            live.map(LiveOptions::topics).orElse(List.of()), live.map(LiveOptions::channel), waitProfile, agents);
    }

    /** {@return the addresses of the peers} */
    public List<InetSocketAddress> peerAddresses() {
        return peers.stream().map(LinkAddress::resolve).toList();
    }
}
