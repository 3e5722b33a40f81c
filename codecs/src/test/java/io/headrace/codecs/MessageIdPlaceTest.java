package io.headrace.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The place of an event's message id, found without a view. The random test prints its seed. */
class MessageIdPlaceTest {
    private static final int DAMAGES = 20_000;
    private static final int MIN_LENGTH = EventWriter.overheadLength(0, 0, 0, 0, 0, 0);

    @Test
    void shouldBeWhereTheViewFindsIt() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[500]);
        for (int idLength = 0; idLength < 20; idLength++) {
            final int length = new EventWriter().wrap(buffer, 7).kind(EventKind.DOCUMENT)
                .topic(new byte[idLength * 3]).source(new byte[20 - idLength]).messageId(new byte[idLength])
                .key(new byte[5]).length();
            final EventView view = new EventView();
            assertEquals(DecodeError.NONE, view.wrap(buffer, 7, length));
            final int offset = EventStamp.messageIdOffset(buffer, 7, length);
            assertEquals(idLength == 0 ? -1 : view.messageIdOffset(), offset);
            assertEquals(idLength, offset < 0 ? 0 : EventStamp.messageIdLength(buffer, offset));
        }
    }

    /** Agrona's bounds checks see every read outside of the event. */
    @Test
    void shouldNeverLeadOutOfTheEvent() {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        System.out.println("MessageIdPlaceTest: -Dheadrace.seed=" + seed);
        final Random random = new Random(seed);
        final byte[] event = Samples.of(Probe.EVENT);
        for (int i = 0; i < DAMAGES; i++) {
            final byte[] damaged = Arrays.copyOf(event, MIN_LENGTH + random.nextInt(event.length - MIN_LENGTH));
            for (int flips = random.nextInt(12); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte)(1 << random.nextInt(8));
            }
            final UnsafeBuffer exact = new UnsafeBuffer(damaged);
            final int offset = EventStamp.messageIdOffset(exact, 0, damaged.length);
            assertTrue(offset < 0 || offset + EventStamp.messageIdLength(exact, offset) <= damaged.length);
        }
    }
}
