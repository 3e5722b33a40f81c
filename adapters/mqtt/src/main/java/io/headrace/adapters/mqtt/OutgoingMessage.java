package io.headrace.adapters.mqtt;

/**
 * The thread of one lane, immutable: a message to publish.
 *
 * @param topic         of the message.
 * @param payload       its bytes.
 * @param contentType   of the payload.
 * @param id            the same for each delivery of the same event, and of no other event.
 * @param correlationId of the event; empty for none.
 */
record OutgoingMessage(String topic, byte[] payload, String contentType, String id, byte[] correlationId) {
    /** The user property that holds {@link #id()}. */
    static final String ID_PROPERTY = "headrace-id";
}
