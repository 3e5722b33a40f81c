package io.headrace.bus.log;

import io.headrace.codecs.EventView;
import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * What is known of an event that a subscription set aside; its bytes stay in the log. Immutable.
 *
 * @param subscription whose event it is.
 * @param sequence     of the event.
 * @param keyHash      of its key, 0 without one.
 * @param topic        of the event.
 * @param key          of the event, empty without one; not to be changed.
 * @param reason       why it is set aside.
 * @param attempts     how often the sink was given the event and refused it; 0 for one that is held back.
 * @param parkedAtNs   since the Unix epoch.
 * @param heldBack     whether it is set aside only because an earlier event of its key is.
 * @param logPosition  the log position of its record.
 */
public record ParkedEvent(
    String subscription,
    long sequence,
    long keyHash,
    String topic,
    byte[] key,
    String reason,
    int attempts,
    long parkedAtNs,
    boolean heldBack,
    long logPosition) {

    /** {@return whether the event has a key, so that others may be held back behind it} */
    public boolean keyed() {
        return key.length > 0;
    }

    /**
     * Whether another event has the same key. A key counts within its topic.
     *
     * @param event the other one.
     * @return false also when they have none.
     */
    public boolean sameKey(final EventView event) {
        return keyed()
            && keyHash == event.keyHash()
            && equal(key, event.buffer(), event.keyOffset(), event.keyLength())
            && equal(topic.getBytes(StandardCharsets.UTF_8), event.buffer(), event.topicOffset(), event.topicLength());
    }

    private static boolean equal(
        final byte[] expected, final DirectBuffer buffer, final int offset, final int lengthBytes) {
        if (expected.length != lengthBytes) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (buffer.getByte(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
