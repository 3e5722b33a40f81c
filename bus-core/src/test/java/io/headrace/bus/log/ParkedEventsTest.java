package io.headrace.bus.log;

import io.headrace.bus.monitor.Counters;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.Resolution;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ParkedEventsTest {
    private static final List<String> SUBSCRIPTIONS = List.of("mirror", "plan");

    private Records records = new Records();
    private ParkedEventsProxy proxy = new ParkedEventsProxy(records);
    private ParkedEvents parked = new ParkedEvents(100);

    /** A simulation of a log's records: each as long as one, in the order of their positions. */
    private final class Records implements ControlAppender, LogReader {
        final TreeMap<Long, UnsafeBuffer> byPosition = new TreeMap<>();
        long endPosition;
        long readPosition;

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int lengthBytes) {
            final byte[] copy = new byte[lengthBytes];
            buffer.getBytes(offset, copy);
            byPosition.put(endPosition, new UnsafeBuffer(copy));
            assertTrue(parked.onControl(byPosition.get(endPosition), 0, lengthBytes, endPosition));
            endPosition++;
        }

        @Override
        public int maxLengthBytes() {
            return 2000;
        }

        @Override
        public void seekSequence(final long sequence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void seekTime(final long timeNs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void seekPosition(final long position) {
            readPosition = position;
        }

        @Override
        public boolean next() {
            return byPosition.containsKey(readPosition);
        }

        @Override
        public RecordType type() {
            return RecordType.CONTROL;
        }

        @Override
        public long sequence() {
            return 0;
        }

        @Override
        public long nextSequence() {
            return 0;
        }

        @Override
        public long position() {
            return readPosition;
        }

        @Override
        public long nextPosition() {
            return readPosition + 1;
        }

        @Override
        public DirectBuffer buffer() {
            return byPosition.get(readPosition);
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public int lengthBytes() {
            return buffer().capacity();
        }

        @Override
        public void close() {
        }
    }

    private static EventView event(final long sequence, final String topic, final String key) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
            .topic(topic.getBytes()).key(key.getBytes()).length();
        EventStamp.stamp(buffer, 0, sequence, 0);
        final EventView view = new EventView();
        view.wrap(buffer, 0, length);
        return view;
    }

    private void park(final String subscription, final long sequence, final String key, final String reason)
        throws InterruptedException {
        final EventView event = event(sequence, "t", key);
        assertTrue(proxy.park(
            new ParkedEvent(subscription, sequence, 0, "", new byte[0], reason, 1, 7, false, -1),
            event.buffer(), event.offset(), event.length()));
    }

    private static String text(final ParkedEvent event) {
        return event.subscription() + " " + event.sequence() + " " + event.topic() + "/" + new String(event.key())
            + " " + event.reason() + " at " + event.logPosition();
    }

    private List<String> shown() {
        return parked.events().stream().map(ParkedEventsTest::text).toList();
    }

    /** Against a map, through parking, parking again, resolving, checkpoints and recoveries from them. */
    @Property(tries = 300)
    void shouldKnowWhatTheLogTells(@ForAll final long seed) throws InterruptedException {
        records = new Records();
        proxy = new ParkedEventsProxy(records);
        parked = new ParkedEvents(100);
        final Random random = new Random(seed);
        final Map<String, String> model = new TreeMap<>();
        final Map<String, Long> positions = new TreeMap<>();
        long checkpoint = 0;
        for (int step = 0; step < 80; step++) {
            final String subscription = SUBSCRIPTIONS.get(random.nextInt(2));
            final long sequence = 10 + random.nextInt(30);
            final String id = subscription + " " + sequence;
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    final String reason = "reason " + step;
                    positions.put(id, records.endPosition);
                    model.put(id, id + " t/k" + sequence % 3 + " " + reason + " at " + records.endPosition);
                    park(subscription, sequence, "k" + sequence % 3, reason);
                }
                case 3 -> {
                    model.remove(id);
                    positions.remove(id);
                    proxy.resolve(new ParkedEvent(
                        subscription, sequence, 0, "", new byte[0], "", 0, 0, false, -1), Resolution.DROPPED, 9);
                }
                case 4 -> {
                    checkpoint = records.endPosition;
                    final List<UnsafeBuffer> messages = new ArrayList<>();
                    parked.writeCheckpoint((buffer, offset, lengthBytes) -> {
                        final byte[] copy = new byte[lengthBytes];
                        buffer.getBytes(offset, copy);
                        messages.add(new UnsafeBuffer(copy));
                    });
                    messages.forEach(message -> records.append(message, 0, message.capacity()));
                }
                default -> recoverFrom(checkpoint);
            }
            assertEquals(List.copyOf(model.values()), shown());
            assertEquals(model.size(), parked.count());
            assertEquals(positions.values().stream().mapToLong(at -> at).min().orElse(Long.MAX_VALUE),
                parked.lowestLogPosition());
            assertFirstOfKeys(model);
        }
    }

    private void recoverFrom(final long checkpoint) {
        parked = new ParkedEvents(100);
        records.byPosition.tailMap(checkpoint).forEach((position, record) ->
            assertTrue(parked.onControl(record, 0, record.capacity(), position)));
        parked.load(records);
    }

    private void assertFirstOfKeys(final Map<String, String> model) {
        for (final String subscription : SUBSCRIPTIONS) {
            for (int key = 0; key < 3; key++) {
                final int keyNumber = key;
                final String expected = model.keySet().stream()
                    .filter(id -> id.startsWith(subscription))
                    .filter(id -> Long.parseLong(id.split(" ")[1]) % 3 == keyNumber)
                    .findFirst().orElse(null);
                final ParkedEvent first = parked.of(subscription).firstOfKey(event(99, "t", "k" + key));
                assertEquals(expected, first == null ? null : first.subscription() + " " + first.sequence());
                assertNull(parked.of(subscription).firstOfKey(event(99, "other", "k" + key)));
            }
            assertEquals(
                parked.of(subscription).events().stream().mapToLong(event -> event.sequence() % 3).distinct().count(),
                parked.of(subscription).firstOfEachKey().size());
        }
    }

    @Test
    void shouldBoundAReasonBetweenCharacters() throws InterruptedException {
        park("plan", 1, "a", "é".repeat(2000));
        assertEquals("é".repeat(500), parked.events().get(0).reason());
        park("plan", 1, "a", "x" + "é".repeat(2000));
        assertEquals("x" + "é".repeat(499), parked.events().get(0).reason());
        assertEquals(1, parked.count());
    }

    @Test
    void shouldShowHowManyAreParked() throws InterruptedException {
        park("plan", 1, "a", "no");
        final AtomicCounter gauge = new Counters().counter("parked");
        parked.of("plan").gauge(gauge);
        assertEquals(1, gauge.get());
        park("plan", 2, "a", "no");
        park("mirror", 2, "a", "no");
        assertEquals(2, gauge.get());
        proxy.resolve(parked.find("plan", 1), Resolution.REPLAYED, 9);
        assertEquals(1, gauge.get());
        assertEquals(1, parked.of("plan").resolvedCount());
    }

    @Test
    void shouldBeFullAtItsBound() throws InterruptedException {
        parked = new ParkedEvents(2);
        park("plan", 1, "a", "no");
        assertFalse(parked.full());
        park("plan", 2, "a", "no");
        assertTrue(parked.full());
        park("plan", 2, "a", "still no");
        assertEquals(2, parked.count());
    }

    @Test
    void shouldKeepAnEventWhoseRecordIsGone() throws InterruptedException {
        park("plan", 1, "a", "no");
        final long position = parked.lowestLogPosition();
        parked.writeCheckpoint((buffer, offset, lengthBytes) -> {
            parked = new ParkedEvents(100);
            parked.onControl(buffer, offset, lengthBytes, 77);
        });
        records.byPosition.clear();
        parked.load(records);
        assertEquals(List.of("plan 1 / Its record cannot be read: there is another record at " + position), shown());
    }

    @Test
    void shouldLeaveOtherMessagesToOthersAndRefuseWhatItCannotRead() {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[20]);
        final MessageHeaderEncoder header = new MessageHeaderEncoder().wrap(message, 0)
            .schemaId(MessageHeaderEncoder.SCHEMA_ID).version(1).blockLength(12);
        header.templateId(11);
        assertFalse(parked.onControl(message, 0, 20, 0));
        assertFalse(parked.onControl(message, 0, 3, 0));
        for (int templateId = 14; templateId <= 16; templateId++) {
            header.templateId(templateId);
            final LogException refused = assertThrows(LogException.class, () -> parked.onControl(message, 0, 20, 96));
            assertEquals(LogException.Category.DAMAGED, refused.category());
            assertTrue(refused.getMessage().contains("log position 96"), refused.getMessage());
        }
    }
}
