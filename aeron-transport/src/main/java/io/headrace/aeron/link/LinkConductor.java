package io.headrace.aeron.link;

import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkException;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.link.LinkStatus;
import io.headrace.client.link.LinkErrors;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The link thread of a server: hears what comes in, gives each message to its link and each link its turn. Made by any
 * thread; {@link #links()} and {@link #address()} are for any thread.
 *
 * <p>Whoever reaches the address can send anything. What is no message is counted and forgotten, links that have not
 * proved the secret are few and short-lived, and everything that a link can make this process keep has a bound.
 */
final class LinkConductor implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(LinkConductor.class);
    private static final int MAX_UNPROVED_LINKS = 16;
    private static final int MAX_REFUSING_LINKS = 16;
    private static final int MAX_WAITING_HELLOS = 64;
    /** Each leaves a window of message ids and a few counters behind. */
    private static final int MAX_PUBLISHER_NAMES = 256;
    private static final int MESSAGE_OVERHEAD_BYTES = 1024;
    private static final int MIN_MESSAGE_BYTES = 1 << 20;
    private static final long STATUS_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_REFUSALS_TOLD = 256;
    private static final long REFUSAL_LINE_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long REOPEN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final LinkServerContext context;
    private final LinkHost host;
    private final Bus bus;
    private final LinkCounters counters;
    private final LinkErrors errors;
    private final LiveStream live;
    private final int maxEventBytes;
    private final LinkMessage message = new LinkMessage();
    private final Long2ObjectHashMap<LinkSession> byId = new Long2ObjectHashMap<>();
    private final List<LinkSession> sessions = new ArrayList<>();
    private final List<WaitingHello> hellos = new ArrayList<>();
    private final Set<String> publisherNames = new HashSet<>();
    private final Map<String, Long> refusalsToldNs = new HashMap<>();
    private final InetSocketAddress address;
    private LinkEndpoint endpoint;
    private long nowNs;
    private long nextStatusNs;
    private long nextOpenNs;
    private volatile List<LinkStatus> links = List.of();

    private record WaitingHello(LinkIngress ingress, LinkHello hello) {
    }

    /**
     * Why a link may not be.
     *
     * @param refusal for its program.
     * @param text    for its people.
     */
    record Verdict(Refusal refusal, String text) {
    }

    /**
     * Listens from now on.
     *
     * @throws LinkException when that cannot be.
     */
    LinkConductor(final LinkServerContext context, final LinkHost host, final LiveStream live) {
        this.context = context;
        this.host = host;
        this.live = live;
        bus = host.bus();
        counters = new LinkCounters(bus.counters());
        errors = new LinkErrors(failure -> LOG.warn("link: {}", failure.toString()), bus.clock());
        maxEventBytes = bus.maxEventLengthBytes();
        nowNs = bus.clock().nanoTime();
        nextStatusNs = nowNs;
        endpoint = listen(context.address());
        address = endpoint.address();
    }

    private LinkEndpoint listen(final InetSocketAddress wanted) {
        final LinkEndpoint opened = LinkEndpoint.open(
            context, wanted, errors, Math.max(MIN_MESSAGE_BYTES, maxEventBytes + MESSAGE_OVERHEAD_BYTES),
            this::onMessage, counters.malformed::increment);
        try {
            if (live != null) {
                live.publication(opened.newLiveStream(context.liveChannel().orElseThrow()));
            }
        } catch (final AeronException | IllegalArgumentException ex) {
            opened.close();
            throw new LinkException("bus.listen.live.channel=" + context.liveChannel().orElse("") + " cannot be used: "
                + ex.getMessage(), ex);
        }
        LOG.info("link: listens at {} and for processes of this host in {}",
            LinkProtocol.text(opened.address()), opened.driverFolder());
        if (secret() == null && !opened.address().getAddress().isLoopbackAddress()) {
            LOG.warn("link: everybody who reaches {} may read every event and publish: set bus.listen.secret",
                LinkProtocol.text(opened.address()));
        }
        return opened;
    }

    @Override
    public int doWork() {
        nowNs = bus.clock().nanoTime();
        if (endpoint == null || !endpoint.isGood()) {
            return reopen();
        }
        int workCount = endpoint.doWork() + openWaiting();
        for (int i = sessions.size() - 1; i >= 0; i--) {
            final LinkSession session = sessions.get(i);
            workCount += work(session);
            if (session.isClosed()) {
                remove(session);
            }
        }
        if (nowNs - nextStatusNs >= 0) {
            nextStatusNs = nowNs + STATUS_INTERVAL_NS;
            showStatus();
        }
        return workCount;
    }

    /** What goes wrong in one link ends that one, and no other. */
    private int work(final LinkSession session) {
        try {
            return session.doWork(nowNs);
        } catch (final RuntimeException ex) {
            session.fail(ex);
            return 1;
        }
    }

    private Action onMessage(
        final LinkIngress ingress, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (!message.wrap(buffer, offset, lengthBytes)) {
            counters.malformed.increment();
            return Action.CONTINUE;
        }
        final LinkSession session = byId.get(message.linkId());
        if (session != null) {
            return onMessage(session, ingress);
        }
        if (message.templateId() == LinkHelloDecoder.TEMPLATE_ID) {
            onHello(ingress);
        } else {
            counters.unknown.increment();
        }
        return Action.CONTINUE;
    }

    private Action onMessage(final LinkSession session, final LinkIngress ingress) {
        try {
            return session.onMessage(ingress, message, nowNs);
        } catch (final RuntimeException ex) {
            session.fail(ex);
            return Action.CONTINUE;
        }
    }

    private void onHello(final LinkIngress ingress) {
        final LinkHello hello = LinkHello.of(message, ingress.isIpc());
        if (hello == null) {
            counters.malformed.increment();
        } else if (hellos.size() < MAX_WAITING_HELLOS) {
            hellos.add(new WaitingHello(ingress, hello));
        }
    }

    /** Not while an image is polled: making a publication gives the client turns, which may take that image away. */
    private int openWaiting() {
        if (hellos.isEmpty()) {
            return 0;
        }
        for (final WaitingHello waiting : hellos) {
            if (!byId.containsKey(waiting.hello().linkId()) && !waiting.ingress().isClosed()) {
                openLink(waiting.ingress(), waiting.hello());
            }
        }
        hellos.clear();
        return 1;
    }

    private void openLink(final LinkIngress ingress, final LinkHello hello) {
        if (count(LinkSession::isUnproved) >= MAX_UNPROVED_LINKS
            || sessions.size() >= context.maxLinks() + MAX_UNPROVED_LINKS + MAX_REFUSING_LINKS) {
            // It says hello again, and there may be room then.
            counters.refused.increment();
            return;
        }
        try {
            final ExclusivePublication answers = endpoint.newAnswers(ingress, hello);
            if (answers == null) {
                counters.refused.increment();
                return;
            }
            final LinkSession session = new LinkSession(this, ingress, hello, answers, nowNs);
            sessions.add(session);
            byId.put(hello.linkId(), session);
        } catch (final AeronException | IllegalArgumentException ex) {
            counters.refused.increment();
            errors.onError(ex);
        }
    }

    private int count(final Predicate<LinkSession> condition) {
        int count = 0;
        for (final LinkSession session : sessions) {
            count += condition.test(session) ? 1 : 0;
        }
        return count;
    }

    /** Whether a link that has proved the secret, where there is one, is opened; null when it is. */
    Verdict mayOpen(final LinkSession session) {
        if (session.role() == LinkRole.REPLICA) {
            // The one before is dead, or its process has lost it: a name is one replica's.
            sessions.stream()
                .filter(other -> other != session && other.role() == LinkRole.REPLICA && other.isOpen()
                    && other.name().equals(session.name()))
                .forEach(LinkSession::replace);
        }
        if (count(LinkSession::isOpen) >= context.maxLinks()) {
            return new Verdict(Refusal.TOO_MANY_LINKS,
                "There are " + context.maxLinks() + " links already: raise bus.listen.max-links.");
        }
        return switch (session.role()) {
            case PUBLISHER -> publisherVerdict(session.name());
            case REPLICA -> bus.hasLog() ? null : new Verdict(Refusal.NO_LOG,
                "This service has no event log, and so nothing to follow: set bus.log.");
            default -> null;
        };
    }

    private Verdict publisherVerdict(final String name) {
        if (host.role() != BusRole.LEADER) {
            return new Verdict(Refusal.NOT_LEADER, "This service takes no events: it does not lead.");
        }
        if (host.isSource(name)) {
            return new Verdict(Refusal.MALFORMED, "A source of this service is named " + name + ": choose another.");
        }
        if (!publisherNames.contains(name) && publisherNames.size() >= MAX_PUBLISHER_NAMES) {
            return new Verdict(Refusal.TOO_MANY_LINKS,
                "There were " + MAX_PUBLISHER_NAMES + " names of publishers already: use one of them again.");
        }
        return null;
    }

    /** What an open link is for. */
    LinkTask newTask(final LinkSession session) {
        return switch (session.role()) {
            case PUBLISHER -> {
                publisherNames.add(session.name());
                yield new PublisherTask(session, host, counters);
            }
            case REPLICA -> new ReplicaTask(session, host, counters);
            default -> new SubscriberTask(session, bus, counters);
        };
    }

    private void remove(final LinkSession session) {
        session.close();
        sessions.remove(session);
        byId.remove(session.linkId());
        nextStatusNs = nowNs;
    }

    private void showStatus() {
        counters.errors.setRelease(errors.errorCount());
        final List<LinkStatus> now = new ArrayList<>();
        for (final LinkSession session : sessions) {
            if (session.isOpen() && session.hasTask()) {
                now.add(session.status());
            }
        }
        links = List.copyOf(now);
    }

    /** Driver or client has given up, as after a long stall of this thread: all links are lost, and may come again. */
    private int reopen() {
        if (endpoint != null) {
            LOG.warn("link: the media driver or its client has ended; all links are closed, and it is started again");
            closeLinks();
            endpoint.close();
            endpoint = null;
        }
        if (nowNs - nextOpenNs >= 0) {
            nextOpenNs = nowNs + REOPEN_INTERVAL_NS;
            try {
                endpoint = listen(address);
            } catch (final LinkException ex) {
                errors.onError(ex);
            }
        }
        return 0;
    }

    private void closeLinks() {
        for (final LinkSession session : sessions) {
            session.close();
        }
        sessions.clear();
        byId.clear();
        hellos.clear();
        links = List.of();
    }

    /** {@return whether a link waits for more to be recorded; called by the link thread} */
    boolean waitsForTheLog() {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).waitsForTheLog()) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether something is recorded that a link waits for; called by the link thread} */
    boolean hasWork() {
        for (int i = 0; i < sessions.size(); i++) {
            if (sessions.get(i).hasWork()) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether there is any link, open or not} */
    boolean hasLinks() {
        return !sessions.isEmpty();
    }

    LinkHost host() {
        return host;
    }

    /** Whether a line about a refusal is due: who is refused asks again every second. */
    boolean tellsRefusal(final String name, final Refusal refusal) {
        final Long toldNs = refusalsToldNs.get(name + refusal);
        if (toldNs != null && nowNs - toldNs < REFUSAL_LINE_INTERVAL_NS) {
            return false;
        }
        if (refusalsToldNs.size() >= MAX_REFUSALS_TOLD) {
            refusalsToldNs.clear();
        }
        refusalsToldNs.put(name + refusal, nowNs);
        return true;
    }

    LinkCounters counters() {
        return counters;
    }

    /** {@return what both sides know; null when everybody is let in} */
    String secret() {
        return context.secret().orElse(null);
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    long nowNs() {
        return nowNs;
    }

    InetSocketAddress address() {
        return address;
    }

    List<LinkStatus> links() {
        return links;
    }

    @Override
    public void onClose() {
        sessions.forEach(LinkSession::tellClosing);
        closeLinks();
        if (endpoint != null) {
            if (live != null) {
                live.publication(null);
            }
            endpoint.close();
        }
    }

    @Override
    public String roleName() {
        return "headrace-link";
    }
}
