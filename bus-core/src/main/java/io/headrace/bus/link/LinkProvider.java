package io.headrace.bus.link;

import java.util.ServiceLoader;

/** Makes links to other processes; found by {@link ServiceLoader}. One implementation stands on the module path. */
public interface LinkProvider {
    /**
     * Lets other processes link to a bus.
     *
     * @param context where, who may, and how many.
     * @param host    the bus and its service.
     * @return the server, which runs.
     * @throws LinkException when the address is taken or the transport does not start.
     */
    LinkServer serve(LinkServerContext context, LinkHost host);

    /**
     * Follows the recording of a leader, and looks for it again whenever it is away.
     *
     * @param context  of whom, and how.
     * @param follower takes what is received, on the link's thread.
     * @return the link, which runs.
     * @throws LinkException when the transport does not start.
     */
    LeaderLink follow(LeaderLinkContext context, Follower follower);

    /**
     * The one on the class path.
     *
     * @return the provider.
     * @throws LinkException when there is none.
     */
    static LinkProvider load() {
        return ServiceLoader.load(LinkProvider.class).findFirst().orElseThrow(() -> new LinkException(
            "there is no transport for links on the class path: add headrace-aeron-transport", null));
    }
}
