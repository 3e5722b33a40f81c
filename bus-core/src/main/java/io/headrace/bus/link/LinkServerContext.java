package io.headrace.bus.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.ring.WaitProfile;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where and to whom a {@link LinkServer} answers.
 *
 * @param address      UDP address to listen at; port 0 for a free one.
 * @param driverFolder the media driver's, which processes of this host share to link over IPC; chosen when empty.
 * @param secret       that both sides know; empty lets everybody in who reaches the address.
 * @param maxLinks     from 1.
 * @param liveTopics   patterns of what is sent unrecorded and best-effort; empty for no live stream.
 * @param liveChannel  the Aeron channel of the live stream.
 * @param waitProfile  how the link thread waits.
 * @param agents       gives the link's agent its turns.
 */
public record LinkServerContext(
    InetSocketAddress address,
    Optional<Path> driverFolder,
    Optional<String> secret,
    int maxLinks,
    List<String> liveTopics,
    Optional<String> liveChannel,
    WaitProfile waitProfile,
    AgentHost agents) {
}
