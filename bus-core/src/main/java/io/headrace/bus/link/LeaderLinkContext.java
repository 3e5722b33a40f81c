package io.headrace.bus.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.ring.WaitProfile;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Whom a {@link LeaderLink} follows.
 *
 * @param name        of this replica, unique among those of the leader.
 * @param leaders     where the leader may be: they are asked one after the other, until one says that it leads.
 * @param secret      that both sides know.
 * @param waitProfile how the link thread waits.
 * @param agents      gives the link's agent its turns.
 */
public record LeaderLinkContext(
    String name,
    List<InetSocketAddress> leaders,
    Optional<String> secret,
    WaitProfile waitProfile,
    AgentHost agents) {
}
