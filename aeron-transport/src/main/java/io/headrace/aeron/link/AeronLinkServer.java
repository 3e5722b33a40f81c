package io.headrace.aeron.link;

import io.headrace.bus.AgentHost;
import io.headrace.bus.Bus;
import io.headrace.bus.link.LinkException;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.link.LinkServer;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.link.LinkStatus;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.bus.subscription.WhenFull;
import io.headrace.client.link.LinkProtocol;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of links. Made and closed by the service's thread, which does no more; the rest is for any thread. */
final class AeronLinkServer implements LinkServer {
    /** As a flow of the status. */
    static final String LIVE_SUBSCRIPTION = "link-live";

    private static final int INTERRUPT_AFTER_MS = 10_000;
    private static final long BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A first hello may wait that long. */
    private static final long LONELY_BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Bus bus;
    private final LinkConductor conductor;
    private final AgentHost.Running runner;
    private final Subscription live;

    /**
     * Listens from now on.
     *
     * @throws LinkException when that cannot be.
     */
    AeronLinkServer(final LinkServerContext context, final LinkHost host) {
        bus = host.bus();
        final boolean hasLive = !context.liveTopics().isEmpty();
        if (hasLive && context.liveChannel().isEmpty()) {
            throw new LinkException("bus.listen.live.channel is missing: say where the live stream goes", null);
        }
        final LiveStream stream = !hasLive ? null : new LiveStream(
            bus.counters().counter("link.live-dropped-events"),
            bus.counters().counter("subscription." + LIVE_SUBSCRIPTION + ".dropped-events"));
        conductor = new LinkConductor(context, host, stream);
        runner = context.agents().start(
            conductor,
            LinkWaiting.of(context.waitProfile(), bus.recordedSignal(), conductor::waitsForTheLog,
                conductor::hasWork, () -> conductor.hasLinks() ? BLOCK_NS : LONELY_BLOCK_NS),
            true, INTERRUPT_AFTER_MS);
        live = hasLive ? subscribe(context, stream) : null;
    }

    private Subscription subscribe(final LinkServerContext context, final LiveStream stream) {
        return bus.subscribe(
            new SubscriptionContext()
                .name(LIVE_SUBSCRIPTION)
                .topics(TopicSelector.of(context.liveTopics()))
                .whenFull(WhenFull.DROP_NEWEST)
                .after(AfterStage.PUBLISHED),
            lane -> stream);
    }

    @Override
    public String address() {
        return LinkProtocol.text(conductor.address());
    }

    @Override
    public List<LinkStatus> links() {
        return conductor.links();
    }

    @Override
    public void close() {
        if (live != null) {
            bus.unsubscribe(live);
        }
        runner.close();
    }
}
