package io.headrace.aeron.link;

import io.headrace.bus.link.Follower;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.link.LinkProvider;
import io.headrace.bus.link.LinkServer;
import io.headrace.bus.link.LinkServerContext;

/** Makes links over Aeron. For any thread. */
public final class AeronLinkProvider implements LinkProvider {
    /** For {@link java.util.ServiceLoader}. */
    public AeronLinkProvider() {
    }

    @Override
    public LinkServer serve(final LinkServerContext context, final LinkHost host) {
        return new AeronLinkServer(context, host);
    }

    @Override
    public LeaderLink follow(final LeaderLinkContext context, final Follower follower) {
        return new AeronLeaderLink(context, follower);
    }
}
