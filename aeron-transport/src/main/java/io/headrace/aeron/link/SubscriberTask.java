package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.bus.Bus;
import io.headrace.bus.log.LogException;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.client.link.LinkMessage;
import io.headrace.codecs.sbe.link.FeedRequestDecoder;
import io.headrace.codecs.sbe.link.Refusal;
import io.headrace.codecs.sbe.link.StartKind;

import java.util.List;

/** Feeds a remote subscriber with the topics that it wants; owned by the link thread. */
final class SubscriberTask implements LinkTask {
    private static final long NEAR_SEQUENCES = 4096;

    private final LinkSession session;
    private final Bus bus;
    private final LinkCounters counters;
    private Feed feed;

    SubscriberTask(final LinkSession session, final Bus bus, final LinkCounters counters) {
        this.session = session;
        this.bus = bus;
        this.counters = counters;
    }

    @Override
    public Action onMessage(final LinkMessage message) {
        // One feed for a link: parts of an event may be on their way, and another feed would begin in their middle.
        if (message.templateId() != FeedRequestDecoder.TEMPLATE_ID || feed != null) {
            return null;
        }
        final FeedRequestDecoder request = new FeedRequestDecoder().wrap(
            message.buffer(), message.blockOffset(), message.blockLengthBytes(), message.version());
        final StartKind kind = request.startKind();
        final long value = request.value();
        if (kind == StartKind.NULL_VAL || kind == StartKind.SBE_UNKNOWN || value < 0) {
            session.refuse(Refusal.MALFORMED, "A feed begins now, at the start, with a sequence or at a time.");
        } else if (!bus.hasLog()) {
            session.refuse(Refusal.NO_LOG, "This service has no event log, and so nothing recorded: set bus.log.");
        } else {
            begin(kind, value, message.dataText());
        }
        return Action.CONTINUE;
    }

    private void begin(final StartKind kind, final long value, final String topics) {
        try {
            final TopicSelector selector = topics.isEmpty() ? null : TopicSelector.of(List.of(topics.split(",")));
            feed = new Feed(bus, session.proxy(), counters, selector, Feed.fromSequence(bus, kind, value));
        } catch (final IllegalArgumentException ex) {
            session.refuse(Refusal.MALFORMED, ex.getMessage());
        } catch (final LogException ex) {
            session.refuse(Feed.refusalOf(ex), ex.getMessage());
        }
    }

    @Override
    public int doWork(final long nowNs) {
        if (feed == null) {
            return 0;
        }
        try {
            return feed.doWork();
        } catch (final LogException ex) {
            session.refuse(Feed.refusalOf(ex), ex.getMessage());
            return 0;
        }
    }

    @Override
    public boolean waitsForTheLog() {
        return feed != null;
    }

    @Override
    public boolean hasWork() {
        return feed != null && feed.hasWork();
    }

    @Override
    public void onClosed() {
        if (feed != null) {
            feed.close();
        }
    }

    @Override
    public long position() {
        return sentSequence();
    }

    @Override
    public long sentSequence() {
        return feed == null ? -1 : feed.sentSequence();
    }

    @Override
    public String state() {
        return feed == null ? "waits for its request" : feed.state(NEAR_SEQUENCES);
    }

    @Override
    public long eventCount() {
        return feed == null ? 0 : feed.eventCount();
    }

    @Override
    public long refusedCount() {
        return 0;
    }
}
