package io.headrace.adapters.mqtt;

import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The thread of the source's event loop: one client of the library with its session at the broker. A link lives as long
 * as its session; when that is lost, a new link takes its place. The library has types of their own for each version of
 * MQTT; here is what does not depend on them.
 */
abstract class SubscriberLink {
    /** At or above it, a code in the answer to a subscription means that it is refused. */
    static final int REFUSED = 0x80;

    /** The answer of a listener that wants no further attempt. */
    static final long GIVE_UP = -1;

    /** Told of what happens to a link, on the event loop. Must not throw. */
    interface Listener {
        /**
         * Logged in.
         *
         * @param sessionPresent whether the broker still has the session, with its subscriptions and messages.
         */
        void onConnected(SubscriberLink link, boolean sessionPresent);

        /**
         * The connection is lost, or an attempt failed.
         *
         * @return how long to wait before the next attempt with this link, in nanoseconds, or {@link #GIVE_UP}.
         */
        long onDisconnected(SubscriberLink link, Throwable cause);

        /** A message came; it is of one of the client library's two types. */
        void onPublish(Object publish);

        /** No more messages will come from this link, as its session has ended. It may still be about to connect. */
        void onEnd(SubscriberLink link);
    }

    private final Listener listener;
    private final MessageSubscriber messages = new MessageSubscriber(this::publish, this::over);
    private boolean ended;

    SubscriberLink(final Listener listener) {
        this.listener = listener;
    }

    /**
     * Connects, and keeps trying as the listener says.
     *
     * @param cleanStart     whether to discard the session that the broker may have.
     * @param receiveMaximum how many unacknowledged messages the broker may send; told in MQTT 5 only.
     */
    abstract void connect(boolean cleanStart, int receiveMaximum);

    /**
     * Subscribes to everything that is configured.
     *
     * @return the granted quality of service, or a code from {@link #REFUSED}, for each subscription.
     */
    abstract CompletableFuture<List<Integer>> subscribe();

    /** Disconnects; done at once when there is no connection. */
    abstract CompletableFuture<Void> disconnect(boolean dropSession);

    /** To be subscribed before connecting: the library confirms what a resumed session brings and nobody takes. */
    MessageSubscriber messages() {
        return messages;
    }

    void connected(final boolean sessionPresent) {
        if (ended) {
            disconnect(true);
        } else {
            listener.onConnected(this, sessionPresent);
        }
    }

    void disconnected(final MqttClientDisconnectedContext context) {
        final long delayNs = ended ? GIVE_UP : listener.onDisconnected(this, context.getCause());
        if (delayNs != GIVE_UP) {
            context.getReconnector().reconnect(true).resubscribeIfSessionExpired(false)
                .delay(delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void publish(final Object publish) {
        // What comes after the end is not acknowledged, so that the broker keeps it.
        if (!ended) {
            listener.onPublish(publish);
        }
    }

    private void over() {
        if (!ended) {
            listener.onEnd(this);
        }
    }

    /**
     * Disconnects; the listener is no longer told anything.
     *
     * @param dropSession whether the broker is to forget the session.
     * @return done when disconnected, also when there was no connection.
     */
    CompletableFuture<Void> end(final boolean dropSession) {
        ended = true;
        // Not before: without anybody to take them, the library acknowledges what still comes.
        return disconnect(dropSession).whenComplete((nothing, cause) -> messages.cancel());
    }
}
