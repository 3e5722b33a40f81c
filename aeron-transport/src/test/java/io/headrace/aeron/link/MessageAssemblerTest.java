package io.headrace.aeron.link;

import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class MessageAssemblerTest {
    private static final byte BEGIN = FrameDescriptor.BEGIN_FRAG_FLAG;
    private static final byte END = FrameDescriptor.END_FRAG_FLAG;

    private final List<byte[]> messages = new ArrayList<>();
    private int badCount;
    private Action action = Action.CONTINUE;
    private final MessageAssembler assembler = new MessageAssembler(100, (buffer, offset, lengthBytes) -> {
        final byte[] bytes = new byte[lengthBytes];
        buffer.getBytes(offset, bytes);
        messages.add(bytes);
        return action;
    }, () -> badCount++);

    private Action give(final int flags, final int length, final int value) {
        final byte[] bytes = new byte[length + 3];
        Arrays.fill(bytes, (byte)value);
        final Header header = new Header(0, 0);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[64]);
        FrameDescriptor.frameFlags(frame, 0, (byte)flags);
        header.buffer(frame);
        header.offset(0);
        return assembler.onFragment(new UnsafeBuffer(bytes), 3, length, header);
    }

    @Test
    void shouldPutFragmentsTogether() {
        give(BEGIN | END, 10, 1);
        give(BEGIN, 20, 2);
        give(0, 20, 3);
        give(END, 5, 4);
        assertEquals(2, messages.size());
        assertEquals(10, messages.get(0).length);
        final byte[] expected = new byte[45];
        Arrays.fill(expected, 0, 20, (byte)2);
        Arrays.fill(expected, 20, 40, (byte)3);
        Arrays.fill(expected, 40, 45, (byte)4);
        assertArrayEquals(expected, messages.get(1));
    }

    @Test
    void shouldGiveAMessageAgainThatWasNotTaken() {
        action = Action.ABORT;
        give(BEGIN, 20, 2);
        assertEquals(Action.ABORT, give(END, 5, 4));
        action = Action.CONTINUE;
        assertEquals(Action.CONTINUE, give(END, 5, 4));
        assertEquals(2, messages.size());
        assertArrayEquals(messages.get(0), messages.get(1));
        give(END, 5, 4);
        assertEquals(2, messages.size());
    }

    @Test
    void shouldGiveUpAMessageThatNeverEnds() {
        give(BEGIN, 60, 1);
        give(0, 60, 1);
        give(0, 60, 1);
        give(END, 60, 1);
        assertEquals(1, badCount);
        assertEquals(0, messages.size());
        give(BEGIN, 60, 1);
        give(END, 40, 2);
        assertEquals(100, messages.get(0).length);
    }

    @Test
    void shouldLeaveOutWhatHasNoBeginning() {
        give(0, 10, 1);
        give(END, 10, 1);
        assertEquals(0, messages.size());
        assertEquals(0, badCount);
    }
}
