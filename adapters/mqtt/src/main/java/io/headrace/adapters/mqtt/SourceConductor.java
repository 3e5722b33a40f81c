package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.SourceContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The thread of the source's event loop: keeps the source connected and subscribed.
 *
 * <pre>
 *  IDLE ─start▶ CONNECTING ─login▶ SUBSCRIBING ─granted▶ UP
 *                   ▲                  │refused           │connection lost, session kept by the broker
 *                   │                  ▼                  ▼
 *                   └──── backoff ── WAITING ◀────────────┘       (session lost: a new link, at once)
 * </pre>
 *
 * <p>Within a session the library itself connects again, when and as often as this class says. When the session is
 * lost the link is replaced by a new one, which subscribes again.
 */
final class SourceConductor implements SubscriberLink.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(SourceConductor.class);

    /** What MQTT allows at the most, and what a client that tells nothing allows. */
    private static final int MAX_RECEIVE_MAXIMUM = 65_535;

    enum State { IDLE, CONNECTING, SUBSCRIBING, UP, WAITING, CLOSED }

    private final MqttSourceOptions options;
    private final SourceContext context;
    private final Clients clients;
    private final EventLoop loop;
    private final Intake intake;
    private final String clientId;
    private final Backoff backoff;
    private final AtomicCounter reconnects;
    private final AtomicCounter sessionsLost;
    private State state = State.IDLE;
    private SubscriberLink link;
    private boolean linkHasSession;
    private boolean linkIsOver;
    private boolean linkPurges;
    private boolean everConnected;
    private long upSinceNs;
    private int receiveMaximum;

    /**
     * Prepares everything and starts nothing.
     *
     * @throws IllegalArgumentException when a certificate or a key cannot be used.
     */
    SourceConductor(
        final MqttSourceOptions options,
        final SourceContext context,
        final EventLoopGroup group,
        final EventLoop loop) {
        this.options = options;
        this.context = context;
        this.loop = loop;
        receiveMaximum = options.receiveMaximum();
        clients = new Clients(options.broker(), group);
        intake = new Intake(options, context, loop);
        clientId = options.broker().clientId().orElse("headrace-" + context.name());
        backoff = new Backoff(
            options.broker().reconnectDelay().toNanos(),
            options.broker().reconnectMaxDelay().toNanos(),
            () -> ThreadLocalRandom.current().nextDouble());
        reconnects = context.counter("reconnects");
        sessionsLost = context.counter("sessions-lost");
    }

    void start() {
        connectNewLink(options.cleanStart());
    }

    /** Publishes nothing more, but stays connected, so that what gets finished is acknowledged. */
    void quiesce() {
        intake.quiesce();
    }

    /** Stops taking messages and says goodbye to the broker. */
    CompletableFuture<Void> stop() {
        intake.close();
        state(State.CLOSED, "stopped");
        return link == null ? CompletableFuture.completedFuture(null) : link.end(false);
    }

    private void connectNewLink(final boolean cleanStart) {
        link = options.broker().version() == MqttBrokerOptions.MQTT_5 ?
            new Mqtt5SubscriberLink(clients, clientId, options, this) :
            new Mqtt3SubscriberLink(clients, clientId, options, this);
        linkHasSession = false;
        linkIsOver = false;
        // MQTT 3.1.1 cannot begin clean and keep the session afterwards: a first connection discards the old one.
        linkPurges = cleanStart && options.broker().version() == MqttBrokerOptions.MQTT_3
            && !options.sessionExpiry().isZero();
        state(State.CONNECTING, options.broker().address());
        link.connect(cleanStart || options.sessionExpiry().isZero(), receiveMaximum);
    }

    /**
     * Ends the link and makes a new one.
     *
     * @param sessionLost whether the broker has nothing more for us in the session; it is then told to forget it.
     */
    private void replaceLink(final long delayNs, final boolean sessionLost) {
        final SubscriberLink old = link;
        link = null;
        old.end(sessionLost).whenCompleteAsync((nothing, cause) -> {
            if (cause != null) {
                LOG.debug("source {}: the old connection did not end cleanly", context.name(), cause);
            }
            // Only now: an acknowledgement given earlier would have reached the broker for what is not published yet.
            intake.onDisconnected();
            if (sessionLost) {
                intake.onSessionLost();
            }
            loop.schedule(this::connectAgain, delayNs, TimeUnit.NANOSECONDS);
        }, loop);
    }

    private void connectAgain() {
        if (state != State.CLOSED && link == null) {
            connectNewLink(false);
        }
    }

    @Override
    public void onConnected(final SubscriberLink connected, final boolean sessionPresent) {
        if (connected != link) {
            return;
        }
        if (linkPurges) {
            replaceLink(0, true);
            return;
        }
        if (everConnected) {
            reconnects.incrementRelease();
        }
        everConnected = true;
        upSinceNs = context.nanoClock().nanoTime();
        if (linkIsOver || linkHasSession && !sessionPresent) {
            sessionsLost.incrementRelease();
            LOG.warn("source {}: the broker at {} has lost the session; messages that it held for us may be lost",
                context.name(), options.broker().address());
            replaceLink(0, !sessionPresent);
            return;
        }
        if (sessionPresent) {
            intake.onSessionResumed();
        } else {
            intake.onSessionLost();
        }
        if (linkHasSession) {
            up("session resumed");
        } else {
            linkHasSession = true;
            subscribe();
        }
    }

    private void subscribe() {
        state(State.SUBSCRIBING, options.subscriptions().size() + " subscriptions");
        final SubscriberLink asked = link;
        asked.subscribe()
            .orTimeout(options.broker().connectTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .whenCompleteAsync((codes, cause) -> onSubscribed(asked, codes, cause), loop);
    }

    private void onSubscribed(final SubscriberLink asked, final List<Integer> codes, final Throwable cause) {
        if (asked != link || state != State.SUBSCRIBING) {
            return;
        }
        final List<String> refused = new ArrayList<>();
        final List<String> lowered = new ArrayList<>();
        if (cause != null) {
            refused.add(Failure.of(cause, options.broker()).text());
        } else {
            for (int i = 0; i < codes.size(); i++) {
                final MqttSubscriptionOptions subscription = options.subscriptions().get(i);
                if (codes.get(i) >= SubscriberLink.REFUSED) {
                    refused.add("the broker refuses the subscription to " + subscription.filter() + " with code 0x"
                        + Integer.toHexString(codes.get(i)) + "; allow the client to subscribe to it");
                } else if (codes.get(i) < subscription.qos()) {
                    lowered.add(subscription.filter());
                }
            }
        }
        if (!refused.isEmpty()) {
            waiting(String.join("; ", refused));
            replaceLink(backoff.nextDelayNs(0), false);
        } else if (!lowered.isEmpty()) {
            state(State.UP, "subscribed");
            context.health().degraded("the broker grants QoS 0 only for " + String.join(", ", lowered)
                + "; messages can be lost there");
        } else {
            up("subscribed");
        }
    }

    private void up(final String reason) {
        state(State.UP, reason);
        context.health().up();
    }

    private void waiting(final String reason) {
        if (state != State.WAITING) {
            LOG.warn("source {}: {}", context.name(), reason);
        }
        state(State.WAITING, reason);
        context.health().down(reason);
    }

    @Override
    public long onDisconnected(final SubscriberLink disconnected, final Throwable cause) {
        if (disconnected != link || state == State.CLOSED) {
            return SubscriberLink.GIVE_UP;
        }
        final long upForNs = state == State.UP ? context.nanoClock().nanoTime() - upSinceNs : 0;
        waiting(Failure.of(cause, options.broker()).text());
        intake.onDisconnected();
        final long delayNs = backoff.nextDelayNs(upForNs);
        if (linkIsOver || linkHasSession && options.sessionExpiry().isZero()) {
            replaceLink(delayNs, true);
            return SubscriberLink.GIVE_UP;
        }
        if (receiveMaximum < MAX_RECEIVE_MAXIMUM && Failure.isReceiveMaximumExceeded(cause)) {
            LOG.warn("source {}: the broker does not keep to receive-maximum={}; going on without one",
                context.name(), receiveMaximum);
            receiveMaximum = MAX_RECEIVE_MAXIMUM;
            replaceLink(delayNs, false);
            return SubscriberLink.GIVE_UP;
        }
        return delayNs;
    }

    @Override
    public void onPublish(final Object publish) {
        intake.onPublish(publish);
    }

    @Override
    public void onEnd(final SubscriberLink ended) {
        // The library may be about to connect this link again: it is replaced when it does, or fails to.
        linkIsOver |= ended == link;
    }

    private void state(final State newState, final String reason) {
        if (newState != state) {
            LOG.info("source {}: {} -> {}, {}", context.name(), state, newState, reason);
            state = newState;
        }
    }
}
