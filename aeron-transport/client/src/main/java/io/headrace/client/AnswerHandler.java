package io.headrace.client;

/**
 * Takes what became of events that were sent to be confirmed. Called by the client's thread: it must not block. What it
 * throws goes to the client's error handler.
 */
@FunctionalInterface
public interface AnswerHandler {
    /**
     * One event's outcome; each is told once.
     *
     * @param correlationId that {@link RemotePublisher#send} gave to the event.
     * @param result        its sequence, or a negative code of {@link RemotePublisher}.
     */
    void onAnswer(long correlationId, long result);
}
