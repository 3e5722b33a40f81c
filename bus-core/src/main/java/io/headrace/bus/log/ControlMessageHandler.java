package io.headrace.bus.log;

import org.agrona.DirectBuffer;

/** Takes encoded control messages one by one, as those of a checkpoint. */
@FunctionalInterface
public interface ControlMessageHandler {
    /**
     * Takes one message.
     *
     * @param buffer      that holds it; it is used again after this method returned.
     * @param offset      of its SBE header.
     * @param lengthBytes its length.
     */
    void onMessage(DirectBuffer buffer, int offset, int lengthBytes);
}
