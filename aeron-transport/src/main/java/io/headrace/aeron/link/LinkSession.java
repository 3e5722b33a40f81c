package io.headrace.aeron.link;

import io.aeron.ExclusivePublication;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.headrace.bus.Bus;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.link.LinkHost;
import io.headrace.bus.link.LinkStatus;
import io.headrace.client.link.LinkMessage;
import io.headrace.client.link.LinkProof;
import io.headrace.client.link.LinkProtocol;
import io.headrace.codecs.sbe.link.LinkAliveDecoder;
import io.headrace.codecs.sbe.link.LinkByeDecoder;
import io.headrace.codecs.sbe.link.LinkHelloDecoder;
import io.headrace.codecs.sbe.link.LinkProofDecoder;
import io.headrace.codecs.sbe.link.LinkRole;
import io.headrace.codecs.sbe.link.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One link, from its hello to its end; owned by the link thread.
 *
 * <pre>
 *  CONNECTING ──connected──▶ CHALLENGED ──proved──▶ OPENING ──welcomed──▶ OPEN ──bye, silence, gone──▶ CLOSED
 *      │          └──────────no secret───────────────▲                      │                            ▲
 *      └──────────────────────────────────▶ REFUSING ◀───────refused────────┘ ───────────told────────────┘
 * </pre>
 *
 * Only messages of the publication that said hello count; its answers go to the host where that publication is.
 */
final class LinkSession {
    private static final Logger LOG = LoggerFactory.getLogger(LinkSession.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long UNPROVED_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long REFUSING_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    private final LinkConductor conductor;
    private final LinkHost host;
    private final LinkCounters counters;
    private final LinkIngress ingress;
    private final long linkId;
    private final LinkRole role;
    private final int protocolVersion;
    private final String name;
    private final LinkProxy proxy;
    private final long openedAtNs;

    private State state = State.CONNECTING;
    private LinkTask task;
    private byte[] nonce;
    private Refusal refusal;
    private String refusalText;
    private long lastHeardNs;
    private long nextStateNs;
    private long refusingSinceNs;

    /** Where a link is. */
    enum State { CONNECTING, CHALLENGED, OPENING, OPEN, REFUSING, CLOSED }

    LinkSession(
        final LinkConductor conductor,
        final LinkIngress ingress,
        final LinkHello hello,
        final ExclusivePublication publication,
        final long nowNs) {
        this.conductor = conductor;
        this.host = conductor.host();
        this.counters = conductor.counters();
        this.ingress = ingress;
        linkId = hello.linkId();
        role = hello.role();
        protocolVersion = hello.protocolVersion();
        name = hello.name();
        proxy = new LinkProxy(linkId, publication);
        openedAtNs = nowNs;
        lastHeardNs = nowNs;
    }

    /** Takes a message that names this link, or answers {@link Action#ABORT} to be given it again. */
    Action onMessage(final LinkIngress from, final LinkMessage message, final long nowNs) {
        if (from != ingress) {
            counters.foreign.increment();
            return Action.CONTINUE;
        }
        lastHeardNs = nowNs;
        return switch (message.templateId()) {
            case LinkHelloDecoder.TEMPLATE_ID, LinkAliveDecoder.TEMPLATE_ID -> Action.CONTINUE;
            case LinkByeDecoder.TEMPLATE_ID -> {
                state(State.CLOSED, "it said bye");
                yield Action.CONTINUE;
            }
            case LinkProofDecoder.TEMPLATE_ID -> onProof(message);
            default -> onTaskMessage(message);
        };
    }

    private Action onTaskMessage(final LinkMessage message) {
        final Action action = state == State.OPEN ? task.onMessage(message) : null;
        if (action == null) {
            // Those of a link that was refused meanwhile were right when they were sent.
            if (state != State.REFUSING && state != State.CLOSED) {
                counters.malformed.increment();
            }
            return Action.CONTINUE;
        }
        return action;
    }

    private Action onProof(final LinkMessage message) {
        if (state != State.CHALLENGED) {
            return Action.CONTINUE;
        }
        final boolean proved = message.dataLengthBytes() == LinkProof.PROOF_BYTES
            && LinkProof.matches(conductor.secret(), nonce, linkId, role, message.dataBytes());
        // Good for one attempt.
        nonce = null;
        if (proved) {
            open();
        } else {
            counters.notAuthentic.increment();
            refuse(Refusal.NOT_AUTHENTIC, "The secret is another one here: compare bus.listen.secret with the"
                + " secret of the one who links.");
        }
        return Action.CONTINUE;
    }

    private void open() {
        final LinkConductor.Verdict verdict = conductor.mayOpen(this);
        if (verdict == null) {
            state(State.OPENING, "");
        } else {
            refuse(verdict.refusal(), verdict.text());
        }
    }

    /** Ends the link, and tells why. */
    void refuse(final Refusal why, final String text) {
        if (state != State.REFUSING && state != State.CLOSED) {
            counters.refused.increment();
            refusal = why;
            refusalText = text;
            refusingSinceNs = conductor.nowNs();
            state(State.REFUSING, text);
        }
    }

    private void state(final State newState, final String reason) {
        if (newState == State.CLOSED || newState == State.REFUSING) {
            if (state == State.OPEN) {
                LOG.info("link: {} {} at {} ends: {}", kind(), name, ingress.from(), reason);
            } else if (newState == State.REFUSING && conductor.tellsRefusal(name, refusal)) {
                LOG.warn("link: {} {} at {} is refused: {}", kind(), name, ingress.from(), reason);
            }
            endTask();
        } else if (newState == State.OPEN) {
            LOG.info("link: {} {} at {} is open", kind(), name, ingress.from());
        }
        state = newState;
    }

    private void endTask() {
        final LinkTask ended = task;
        task = null;
        if (ended != null) {
            ended.onClosed();
        }
    }

    /** Answers how many events went, and how many steps were done towards an open link. */
    int doWork(final long nowNs) {
        if (state != State.REFUSING && isGone(nowNs)) {
            return 1;
        }
        return switch (state) {
            case CONNECTING -> connect();
            case OPENING -> welcome(nowNs);
            case OPEN -> {
                final int workCount = task.doWork(nowNs);
                if (state == State.OPEN && nowNs - nextStateNs >= 0) {
                    sendState(nowNs);
                }
                yield workCount;
            }
            case REFUSING -> tellRefusal(nowNs);
            default -> 0;
        };
    }

    private boolean isGone(final long nowNs) {
        if (state == State.CLOSED) {
            return true;
        }
        final long silenceNs = nowNs - lastHeardNs;
        if (ingress.isClosed() || proxy.isClosed()) {
            state(State.CLOSED, "it is gone");
        } else if (state == State.OPEN && !proxy.isConnected() && silenceNs >= LinkProtocol.SERVICE_SILENCE_NS) {
            state(State.CLOSED, "nothing reaches it any more");
        } else if (state == State.OPEN && silenceNs >= LinkProtocol.CALLER_SILENCE_NS) {
            counters.timedOut.increment();
            refuse(Refusal.UNKNOWN_LINK, "Nothing was heard for 5 s.");
        } else if (state != State.OPEN && nowNs - openedAtNs >= UNPROVED_TIMEOUT_NS) {
            counters.timedOut.increment();
            state(State.CLOSED, "it did not open within 3 s");
        }
        return state == State.CLOSED;
    }

    private int connect() {
        if (!proxy.isConnected()) {
            return 0;
        }
        if (protocolVersion != LinkProtocol.VERSION) {
            refuse(Refusal.VERSION, "This service speaks version " + LinkProtocol.VERSION + " of the protocol, not "
                + protocolVersion + ": use the client of its release.");
        } else if (conductor.secret() == null) {
            open();
        } else {
            if (nonce == null) {
                nonce = new byte[LinkProof.NONCE_BYTES];
                RANDOM.nextBytes(nonce);
            }
            if (proxy.challenge(nonce)) {
                state(State.CHALLENGED, "");
            }
        }
        return 1;
    }

    private int welcome(final long nowNs) {
        final Bus bus = host.bus();
        final BusRole busRole = host.role();
        // Made first: what it asks of the bus may be refused.
        if (task == null) {
            task = conductor.newTask(this);
        }
        if (proxy.welcome(
            busRole, bus.epochs(), bus.hasLog(), bus.finishedSequence() + 1, conductor.maxEventBytes(),
            bus.context().slotBytes(), host.name())) {
            counters.opened.increment();
            nextStateNs = nowNs + LinkProtocol.STATE_INTERVAL_NS;
            state(State.OPEN, "");
        }
        return 1;
    }

    /** Shows the other side that the service is there, and how far. What finds no room is said again soon. */
    private void sendState(final long nowNs) {
        final Bus bus = host.bus();
        if (proxy.state(
            task.sentSequence(), bus.finishedSequence(), bus.epochs().epoch(), host.role(),
            bus.clock().epochNs(nowNs))) {
            nextStateNs = nowNs + LinkProtocol.STATE_INTERVAL_NS;
        }
    }

    private int tellRefusal(final long nowNs) {
        if (proxy.isClosed() || nowNs - refusingSinceNs >= REFUSING_TIMEOUT_NS
            || proxy.refused(refusal, refusalText)) {
            state(State.CLOSED, "");
        }
        return 1;
    }

    /** Something in this process went wrong with it: nobody else suffers from that. */
    void fail(final RuntimeException failure) {
        counters.failed.increment();
        LOG.error("link: {} {} at {} has failed, and is closed", kind(), name, ingress.from(), failure);
        state = State.CLOSED;
        try {
            endTask();
        } catch (final RuntimeException ex) {
            LOG.error("link: {} {} at {} did not end well", kind(), name, ingress.from(), ex);
        }
    }

    /** Another link takes its place; its publication is closed with the next turn. */
    void replace() {
        state(State.CLOSED, "the same replica has linked anew");
    }

    /** Ends the link as it stands. */
    void close() {
        if (state != State.CLOSED) {
            state(State.CLOSED, "the service's side is closed");
        }
        proxy.close();
    }

    /** Tells that the service stops, as far as there is room for it. */
    void tellClosing() {
        if (state == State.OPEN) {
            proxy.refused(Refusal.CLOSING, "The service stops.");
        }
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isOpen() {
        return state == State.OPEN || state == State.OPENING;
    }

    /** {@return whether it may still prove who it is} */
    boolean isUnproved() {
        return state == State.CONNECTING || state == State.CHALLENGED;
    }

    long linkId() {
        return linkId;
    }

    boolean hasTask() {
        return task != null;
    }

    LinkRole role() {
        return role;
    }

    String name() {
        return name;
    }

    String from() {
        return ingress.from();
    }

    LinkProxy proxy() {
        return proxy;
    }

    boolean waitsForTheLog() {
        return task != null && task.waitsForTheLog();
    }

    /** {@return whether there is something to send, which what is recorded may bring} */
    boolean hasWork() {
        return task != null && task.hasWork();
    }

    private String kind() {
        return role.name().toLowerCase(Locale.ROOT);
    }

    LinkStatus status() {
        final long position = task.position();
        final long lag = position < 0 ? 0 : Math.max(0, host.bus().finishedSequence() - position);
        return new LinkStatus(
            name, kind(), ingress.from(), task.state(), position, lag, task.eventCount(), task.refusedCount());
    }
}
