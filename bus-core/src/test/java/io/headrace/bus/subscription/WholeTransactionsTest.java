package io.headrace.bus.subscription;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.codecs.sbe.Mark;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A source's transaction comes to the sink in one batch, or in parts that say so. */
class WholeTransactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SLOTS = 64;
    private static final int LARGE = 1 << 20;
    private static final int SMALL = 1 << 12;

    private final Bus bus = new Bus(new BusContext().ring(SLOTS, 256));
    private final NumberedPublisher publisher = new NumberedPublisher(bus, "test");
    private final GatedSink sink = new GatedSink();

    @AfterEach
    void close() {
        bus.close();
    }

    private static ConditionFactory await(final String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(2));
    }

    private Subscription subscribe(final String topics, final int maxBatchEvents, final int maxTransactionBytes) {
        return bus.subscribe(new SubscriptionContext().name("whole").topics(TopicSelector.of(topics))
            .batch(maxBatchEvents, SMALL).wholeTransactions(true, maxTransactionBytes), lane -> sink);
    }

    private long transaction(final long id, final long firstNumber, final int count) {
        publisher.mark(Mark.BEGIN, id);
        for (int i = 0; i < count; i++) {
            publisher.publish(firstNumber + i);
        }
        return publisher.mark(Mark.COMMIT, id);
    }

    private static List<Long> framed(final long firstNumber, final int count) {
        final List<Long> numbers = new ArrayList<>();
        numbers.add(GatedSink.MARK);
        LongStream.range(firstNumber, firstNumber + count).forEach(numbers::add);
        numbers.add(GatedSink.MARK);
        return numbers;
    }

    @Test
    void shouldNeverTearATransactionThatFits() {
        subscribe("*", 4, LARGE);
        final List<Long> expected = new ArrayList<>();
        long number = 0;
        for (int id = 1; id < 100; id++) {
            final int count = id % 13;
            transaction(id, number, count);
            expected.addAll(framed(number, count));
            number += count;
        }
        assertTrue(bus.drain(PATIENCE));
        assertEquals(expected, sink.numbers());
        for (final GatedSink.Batch batch : sink.batches()) {
            assertFalse(batch.endsInTransaction());
            final long marks = batch.events().stream().filter(event -> event.number() == GatedSink.MARK).count();
            assertEquals(0, marks % 2, "a torn transaction in " + batch);
        }
    }

    @Test
    void shouldDeliverNothingBeforeTheCommit() {
        final Subscription subscription = subscribe("*", 4, LARGE);
        publisher.mark(Mark.BEGIN, 1);
        long sequence = -1;
        for (int i = 0; i < 3 * SLOTS; i++) {
            sequence = publisher.publish(i);
        }
        await("the lane to have read all of it").until(() -> subscription.status().lagSlots() == 0);
        assertEquals(List.of(), sink.batches(), "it was longer than the ring, and is still not delivered");
        assertTrue(subscription.position() < 0, "position=" + subscription.position());
        assertTrue(bus.finishedSequence() < sequence);
        final long commitSequence = publisher.mark(Mark.COMMIT, 1);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(1, sink.batches().size());
        assertEquals(framed(0, 3 * SLOTS), sink.numbers());
        assertEquals(commitSequence, subscription.position());
    }

    @Test
    void shouldNotHoldBackWhatIsWholeForATransactionThatIsNot() {
        subscribe("*", 100, LARGE);
        sink.holdAfter(0);
        transaction(1, 0, 2);
        await("the sink to be busy").until(sink::blocked);
        transaction(2, 10, 2);
        publisher.mark(Mark.BEGIN, 3);
        publisher.publish(20);
        sink.release();
        final List<Long> whole = new ArrayList<>(framed(0, 2));
        whole.addAll(framed(10, 2));
        await("both whole transactions").until(() -> sink.numbers().equals(whole));
        publisher.publish(21);
        publisher.mark(Mark.COMMIT, 3);
        assertTrue(bus.drain(PATIENCE));
        whole.addAll(framed(20, 2));
        assertEquals(whole, sink.numbers());
    }

    @Test
    void shouldDeliverATransactionBeyondTheBoundInPartsAndHoldThePosition() {
        final int count = 10 * SLOTS;
        sink.holdAfter(2);
        final Subscription subscription = subscribe("*", 4, SMALL);
        final Thread publishing = new Thread(() -> transaction(1, 0, count));
        publishing.start();
        await("the third part").until(sink::blocked);
        assertTrue(subscription.position() < 0, "position=" + subscription.position());
        sink.release();
        await("the whole transaction").until(() -> sink.received().size() == count + 2);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(framed(0, count), sink.numbers());
        final List<Boolean> goesOn = sink.batches().stream().map(GatedSink.Batch::endsInTransaction).toList();
        final List<Boolean> expected = new ArrayList<>(Collections.nCopies(goesOn.size() - 1, true));
        expected.add(false);
        assertTrue(goesOn.size() > 2, "parts=" + goesOn.size());
        assertEquals(expected, goesOn);
        assertEquals(bus.claimedSequence(), subscription.position());
    }

    @Test
    void shouldGetTheMarksWhateverItSelects() {
        subscribe("t.b", 4, LARGE);
        publisher.mark(Mark.BEGIN, 1);
        publisher.publish("t.a", "", 1);
        publisher.publish("t.b", "", 2);
        publisher.mark(Mark.COMMIT, 1);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(List.of(GatedSink.MARK, 2L, GatedSink.MARK), sink.numbers());
    }

    @Test
    void shouldKeepTransactionsWholeThatTwoSourcesInterleave() {
        subscribe("*", 2, LARGE);
        publisher.mark(Mark.BEGIN, 1);
        publisher.publish(1);
        publisher.mark(Mark.BEGIN, 2);
        publisher.publish(2);
        publisher.mark(Mark.COMMIT, 1);
        publisher.publish(3);
        publisher.mark(Mark.COMMIT, 2);
        publisher.publish(4);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(List.of(-1L, 1L, -1L, 2L, -1L, 3L, -1L),
            sink.batches().get(0).events().stream().map(GatedSink.Received::number).toList());
        assertEquals(4L, sink.numbers().get(sink.numbers().size() - 1));
    }

    @Test
    void shouldNotGiveMarksToASinkThatDoesNotWantTransactions() {
        bus.subscribe(new SubscriptionContext().name("plain").topics(TopicSelector.of("*")), lane -> sink);
        transaction(1, 0, 3);
        assertTrue(bus.drain(PATIENCE));
        assertEquals(List.of(0L, 1L, 2L), sink.numbers());
    }
}
