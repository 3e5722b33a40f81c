package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.link.Follower;
import io.headrace.bus.link.LeaderLink;
import io.headrace.bus.link.LeaderLinkContext;
import io.headrace.bus.link.LinkException;
import io.headrace.client.link.LinkDriver;
import io.headrace.client.link.LinkDriverContext;
import io.headrace.client.link.LinkErrors;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;

/** A link to a leader. Made and closed by the service; {@link #requestStepDown} is for any thread. */
final class AeronLeaderLink implements LeaderLink {
    private static final Logger LOG = LoggerFactory.getLogger(AeronLeaderLink.class);
    private static final int INTERRUPT_AFTER_MS = 10_000;

    private final FollowingConductor conductor;
    private final AgentHost.Running runner;

    /**
     * Looks for the leader from now on.
     *
     * @throws LinkException when the media driver does not start.
     */
    AeronLeaderLink(final LeaderLinkContext context, final Follower follower) {
        final LinkErrors errors =
            new LinkErrors(failure -> LOG.warn("link to the leader: {}", failure.toString()), SystemNanoClock.INSTANCE);
        final LinkDriver driver;
        try {
            driver = LinkDriver.launch(new LinkDriverContext(
                "replica", Optional.empty(), Optional.empty(), false, errors));
        } catch (final IOException ex) {
            throw new LinkException(ex.getMessage(), ex);
        }
        conductor = new FollowingConductor(context, follower, driver, SystemNanoClock.INSTANCE);
        runner = context.agents().start(
            conductor, LinkWaiting.of(context.waitProfile()), true, INTERRUPT_AFTER_MS);
    }

    @Override
    public void requestStepDown(final long epoch) {
        conductor.requestStepDown(epoch);
    }

    @Override
    public void withdrawStepDown() {
        conductor.withdrawStepDown();
    }

    @Override
    public void close() {
        runner.close();
    }
}
