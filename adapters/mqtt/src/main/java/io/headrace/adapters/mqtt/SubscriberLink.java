package io.headrace.adapters.mqtt;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The thread of the source's event loop: one client of the library with its session at the broker, in the version of
 * MQTT that is configured. A link lives as long as its session; when that is lost, a new link takes its place.
 */
interface SubscriberLink {
    /** At or above it, a code in the answer to a subscription means that it is refused. */
    int REFUSED = 0x80;

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

    /** The answer of a listener that wants no further attempt. */
    long GIVE_UP = -1;

    /**
     * Connects, and keeps trying as the listener says.
     *
     * @param cleanStart     whether to discard the session that the broker may have.
     * @param receiveMaximum how many unacknowledged messages the broker may send; told in MQTT 5 only.
     */
    void connect(boolean cleanStart, int receiveMaximum);

    /**
     * Subscribes to everything that is configured.
     *
     * @return the granted quality of service, or a code from {@link #REFUSED}, for each subscription.
     */
    CompletableFuture<List<Integer>> subscribe();

    /**
     * Disconnects; the listener is no longer told anything.
     *
     * @param dropSession whether the broker is to forget the session.
     * @return done when disconnected, also when there was no connection.
     */
    CompletableFuture<Void> end(boolean dropSession);
}
