package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Puts the fragments of one image's messages together; owned by the link thread. Aeron's own assembler would grow with
 * a message that never ends, which a peer can send; this one gives up at a bound. A whole message that is not taken
 * comes again with its last fragment.
 */
final class MessageAssembler implements ControlledFragmentHandler {
    private static final int NOTHING = -1;

    private final int maxLengthBytes;
    private final Receiver receiver;
    private final Runnable onBadMessage;
    private final ExpandableArrayBuffer assembly = new ExpandableArrayBuffer(0);
    private int assembledBytes = NOTHING;

    /** Takes whole messages. */
    @FunctionalInterface
    interface Receiver {
        /** Takes a message, or answers {@link Action#ABORT} to be given it again. */
        Action onMessage(DirectBuffer buffer, int offset, int lengthBytes);
    }

    MessageAssembler(final int maxLengthBytes, final Receiver receiver, final Runnable onBadMessage) {
        this.maxLengthBytes = maxLengthBytes;
        this.receiver = receiver;
        this.onBadMessage = onBadMessage;
    }

    @Override
    public Action onFragment(
        final DirectBuffer buffer, final int offset, final int length, final Header header) {
        final byte flags = header.flags();
        final boolean begins = (flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0;
        final boolean ends = (flags & FrameDescriptor.END_FRAG_FLAG) != 0;
        if (begins && ends) {
            assembledBytes = NOTHING;
            return receiver.onMessage(buffer, offset, length);
        }
        if (begins) {
            assembledBytes = 0;
        } else if (assembledBytes == NOTHING) {
            return Action.CONTINUE;
        }
        if (length > maxLengthBytes - assembledBytes) {
            assembledBytes = NOTHING;
            onBadMessage.run();
            return Action.CONTINUE;
        }
        assembly.putBytes(assembledBytes, buffer, offset, length);
        if (!ends) {
            assembledBytes += length;
            return Action.CONTINUE;
        }
        final Action action = receiver.onMessage(assembly, 0, assembledBytes + length);
        if (action != Action.ABORT) {
            assembledBytes = NOTHING;
        }
        return action;
    }
}
