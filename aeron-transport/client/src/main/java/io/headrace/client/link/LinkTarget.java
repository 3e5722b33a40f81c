package io.headrace.client.link;

import io.headrace.codecs.sbe.link.LinkRole;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * To whom a {@link LinkConnection} leads, and as what. Immutable.
 *
 * @param role            what is wanted.
 * @param name            of the caller; of a publisher the source that its events name.
 * @param addresses       where the service may be, asked one after the other; empty for IPC through the driver. A name
 *                        that is not resolved is looked up with each attempt, and the thread waits for that.
 * @param secret          that both sides know.
 * @param termLengthBytes of the publication towards the service, a power of two.
 */
public record LinkTarget(
    LinkRole role,
    String name,
    List<InetSocketAddress> addresses,
    Optional<String> secret,
    int termLengthBytes) {
}
