package io.headrace.bus.log;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.TransactionMarkWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.EventParkedEncoder;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogStateTest {
    private static final long LOG_ID = 5;
    private static final int RECORD_BYTES = 150;
    private static final int ALIGNMENT = 32;

    /** A log in the making: whatever is appended to it is told to a state. */
    private static final class TestLog {
        final LogState state = new LogState(LOG_ID);
        final ControlMessages messages = new ControlMessages();
        private final SplittableRandom random;
        private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        private final EventWriter writer = new EventWriter();
        private long sequence;
        private long position;
        private long epoch;

        TestLog(final long seed) {
            random = new SplittableRandom(seed);
        }

        private byte[] name(final String prefix, final int bound) {
            return (prefix + random.nextInt(bound)).getBytes(StandardCharsets.US_ASCII);
        }

        void append(final int what) {
            switch (what % 8) {
                case 0 -> control(messages.epoch(LOG_ID, ++epoch, sequence, position));
                case 1 -> control(messages.position(
                    "s" + random.nextInt(3), random.longs(1 + random.nextInt(3), -1, 100).toArray(), 1));
                case 2 -> control(messages.forgotten("s" + random.nextInt(3), 1));
                case 3 -> mark();
                case 4 -> park();
                default -> event();
            }
        }

        private void control(final int lengthBytes) {
            state.onRecord(RecordType.CONTROL, sequence, sequence, position, messages.buffer(), 0, lengthBytes);
            position += ALIGNMENT;
        }

        private void event() {
            writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).flags(random.nextInt(4) == 0 ? EventWriter.SNAPSHOT : 0)
                .topic(name("t", 2)).source(name("source", 3));
            if (random.nextBoolean()) {
                writer.messageId(name("id", 60));
            }
            if (random.nextBoolean()) {
                writer.sourcePosition(name("position", 1000));
            }
            appendEvent(writer.key(name("k", 3)).length());
        }

        private void mark() {
            writer.wrap(buffer, 0).kind(EventKind.TRANSACTION).source(name("source", 3));
            final int length = new TransactionMarkWriter().wrap(buffer, writer.beginPayload())
                .mark(Mark.values()[random.nextInt(3)]).transactionId(3).length();
            appendEvent(writer.endPayload(length).length());
        }

        private void appendEvent(final int lengthBytes) {
            EventStamp.stamp(buffer, 0, sequence, 1);
            state.onRecord(RecordType.EVENT, sequence, sequence + 2, position, buffer, 0, lengthBytes);
            sequence += 2;
            position += ALIGNMENT;
        }

        private void park() {
            writer.wrap(buffer, 0).kind(EventKind.DOCUMENT).topic(name("t", 2)).key(name("k", 3));
            final byte[] event = new byte[writer.length()];
            buffer.getBytes(0, event);
            final EventParkedEncoder parked = new EventParkedEncoder();
            parked.wrapAndApplyHeader(messages.buffer(), 0, new MessageHeaderEncoder())
                .sequence(random.nextInt(20)).parkedAtNs(1).attempts(1).heldBack(Flag.NO)
                .subscription("s" + random.nextInt(2)).reason("It is poison.")
                .putEventBytes(event, 0, event.length);
            control(MessageHeaderEncoder.ENCODED_LENGTH + parked.encodedLength());
        }
    }

    private static List<byte[]> checkpointOf(final LogState state) {
        final List<byte[]> messages = new ArrayList<>();
        state.writeCheckpoint(9, RECORD_BYTES, (buffer, offset, lengthBytes) -> {
            final byte[] message = new byte[lengthBytes];
            buffer.getBytes(offset, message);
            messages.add(message);
        });
        return messages;
    }

    /** Parked events are only located in a checkpoint; the records behind that place are the log's. */
    private static List<String> comparable(final LogState state) {
        return checkpointOf(state).stream().map(HexFormat.of()::formatHex).toList();
    }

    private static void feed(final LogState state, final List<byte[]> messages) {
        for (final byte[] message : messages) {
            state.onRecord(RecordType.CONTROL, 0, 0, 7, new UnsafeBuffer(message), 0, message.length);
        }
    }

    @Property(tries = 200)
    void shouldBeTheSameAfterACheckpoint(
        @ForAll final long seed, @ForAll @Size(max = 200) final List<@IntRange(min = 0, max = 50) Integer> appended) {
        final TestLog log = new TestLog(seed);
        // What is parked is found again by its place in a log, which this has not.
        appended.stream().filter(what -> what % 8 != 4).forEach(log::append);
        final LogState restored = new LogState(LOG_ID);
        feed(restored, checkpointOf(log.state));
        assertEquals(comparable(log.state), comparable(restored));
        assertEquals(log.state.epochs().epoch(), restored.epochs().epoch());
        assertEquals(log.state.sourceNames(), restored.sourceNames());
    }

    /** A crash can leave the first messages of a checkpoint behind everything that they tell. */
    @Property(tries = 200)
    void shouldNotBeChangedByThePartOfACheckpoint(
        @ForAll final long seed,
        @ForAll @Size(max = 200) final List<@IntRange(min = 0, max = 50) Integer> appended,
        @ForAll @IntRange(min = 0, max = 100) final int part) {
        final TestLog log = new TestLog(seed);
        appended.forEach(log::append);
        final List<String> before = comparable(log.state);
        final List<byte[]> checkpoint = checkpointOf(log.state);
        feed(log.state, checkpoint.subList(0, Math.min(part, checkpoint.size())));
        assertEquals(before, comparable(log.state));
    }

    @Test
    void shouldRefuseAControlMessageThatIsCutOff() {
        final ControlMessages messages = new ControlMessages();
        final int lengthBytes = messages.position("subscription", new long[]{1, 2, 3}, 1);
        final byte[] cut = new byte[lengthBytes - 5];
        messages.buffer().getBytes(0, cut);
        final LogException damaged = assertThrows(LogException.class, () -> new LogState(LOG_ID).onRecord(
            RecordType.CONTROL, 0, 0, 4711, new UnsafeBuffer(cut), 0, cut.length));
        assertEquals(LogException.Category.DAMAGED, damaged.category());
        assertTrue(damaged.getMessage().contains("4711"), damaged.getMessage());
    }

    @Test
    void shouldReadEventsThatItWrites() {
        final TestLog log = new TestLog(1);
        log.event();
        assertEquals(DecodeError.NONE, new EventView().wrap(log.buffer, 0, log.writer.length()));
        assertEquals(2, log.state.nextSequence());
    }
}
