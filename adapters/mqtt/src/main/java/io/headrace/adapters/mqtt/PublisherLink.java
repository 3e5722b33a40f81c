package io.headrace.adapters.mqtt;

import java.util.concurrent.CompletableFuture;

/**
 * The thread of one lane: one connection to a broker, to publish through. It never connects again: what was under way
 * when a connection is lost has failed, and the sink makes a new link.
 */
interface PublisherLink {
    /** Connects. */
    CompletableFuture<?> connect();

    /** Whether messages can be sent. */
    boolean connected();

    /**
     * What the broker cannot do of what the options ask for.
     *
     * @return half a sentence, or null; only after connecting.
     */
    String lacks();

    /**
     * Sends a message.
     *
     * @return done when the broker has acknowledged it (QoS 1) or it was written (QoS 0).
     * @throws IllegalArgumentException when the message can never be sent.
     */
    CompletableFuture<?> publish(OutgoingMessage message);

    /** Disconnects; what is under way fails. */
    CompletableFuture<?> end();
}
