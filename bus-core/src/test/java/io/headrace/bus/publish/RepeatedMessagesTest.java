package io.headrace.bus.publish;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.RingReader;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RepeatedMessagesTest {
    private final Bus bus = new Bus(new BusContext().ring(64, 64));
    private final Publisher publisher = bus.newPublisher("feed");
    private final EventClaim claim = new EventClaim();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final List<Long> received = new ArrayList<>();
    private final DirectSubscription subscription =
        bus.addDirect("reader", TopicSelector.of("*"), event -> received.add(event.sequence()));

    @AfterEach
    void close() {
        bus.close();
    }

    private static int encode(final EventWriter writer, final String id) {
        return writer.kind(EventKind.DOCUMENT).topic("t".getBytes()).messageId(id.getBytes()).length();
    }

    private long offer(final Publisher to, final String id) {
        final int length = encode(new EventWriter().wrap(buffer, 0), id);
        final long answer = to.offer(buffer, 0, length);
        subscription.doWork();
        return answer;
    }

    private long commit(final String id) {
        assertTrue(publisher.tryClaim(200, claim) >= 0);
        return claim.commit(encode(new EventWriter().wrap(claim.buffer(), claim.offset()), id));
    }

    private long duplicates() {
        final Map<String, Long> values = new TreeMap<>();
        bus.counters().forEach(values::put);
        return values.get("publisher.feed.duplicate-events");
    }

    @Test
    void shouldLeaveOutARepeatedMessageHoweverItIsPublished() {
        final long first = commit("one");
        assertEquals(Publisher.DUPLICATE, commit("one"));
        assertTrue(claim.sequence() >= first, "what is confirmed then must not be before the event itself");
        assertEquals(Publisher.DUPLICATE, offer(publisher, "one"));
        final int length = encode(new EventWriter().wrap(buffer, 0), "one");
        assertEquals(Publisher.DUPLICATE, publisher.publish(buffer, 0, length, 0));
        final long other = commit("two");
        subscription.doWork();
        assertEquals(List.of(first, other), received);
        assertEquals(3, duplicates());
        assertEquals(claim.sequence(), other);
    }

    @Test
    void shouldTakeEveryEventWithoutAnId() {
        assertTrue(offer(publisher, "") >= 0);
        assertTrue(offer(publisher, "") >= 0);
        assertEquals(2, received.size());
    }

    @Test
    void shouldNotRememberWhatWasGivenUpOrFoundNoRoom() {
        assertTrue(publisher.tryClaim(200, claim) >= 0);
        encode(new EventWriter().wrap(claim.buffer(), claim.offset()), "one");
        claim.abort();
        assertTrue(commit("one") >= 0);
        int id = 0;
        final int length = encode(new EventWriter().wrap(buffer, 0), "late");
        while (publisher.tryClaim(200, claim) >= 0) {
            claim.commit(encode(new EventWriter().wrap(claim.buffer(), claim.offset()), "id" + id++));
        }
        while (publisher.tryClaim(length, claim) >= 0) {
            claim.abort();
        }
        assertEquals(Publisher.BACK_PRESSURED, publisher.offer(buffer, 0, length));
        subscription.doWork();
        assertTrue(offer(publisher, "late") >= 0, "the retry is no repetition");
    }

    @Test
    void shouldKeepTheSourcesApartAndPublishersOfOneSourceTogether() {
        assertTrue(offer(publisher, "one") >= 0);
        assertTrue(offer(bus.newPublisher("other"), "one") >= 0);
        assertEquals(Publisher.DUPLICATE, offer(bus.newPublisher("feed"), "one"));
    }

    @Test
    void shouldGoOnWithWhatALogHolds() {
        final MessageIdWindow recorded = new MessageIdWindow(10);
        recorded.addIfAbsent(new UnsafeBuffer("old".getBytes()), 0, 3);
        final MessageIdWindows windows = new MessageIdWindows(10);
        windows.restore("feed", recorded);
        final Ring ring = new Ring(64, 64, ProducerMode.MULTI, WaitProfile.SPIN, 0);
        final Publisher restarted = new RingPublisher(
            "feed", ring, new BusClock(() -> 0, () -> 0), new Counters(), () -> false, windows);
        assertEquals(Publisher.DUPLICATE, offer(restarted, "old"));
        assertTrue(offer(restarted, "new") >= 0);
        assertEquals(1, recorded.size(), "the window of the log stays as it is");
    }

    /** Against a set: ids committed, given up and offered in any order. */
    @Property(tries = 200)
    void shouldPublishEachIdOnce(@ForAll @Size(max = 200) final List<@IntRange(min = 0, max = 89) Integer> choices) {
        // One for each try, as jqwik uses its own for all of them.
        final RepeatedMessagesTest fresh = new RepeatedMessagesTest();
        final Set<Integer> published = new HashSet<>();
        for (final int choice : choices) {
            fresh.publish(choice, published);
            fresh.subscription.doWork();
        }
        assertEquals(published.size(), fresh.received.size());
        fresh.close();
    }

    private void publish(final int choice, final Set<Integer> published) {
        final int id = choice % 30;
        if (choice < 30) {
            assertEquals(published.add(id), commit("id" + id) >= 0);
        } else if (choice < 60) {
            assertEquals(published.add(id), offer(publisher, "id" + id) >= 0);
        } else {
            assertTrue(publisher.tryClaim(200, claim) >= 0);
            encode(new EventWriter().wrap(claim.buffer(), claim.offset()), "id" + id);
            claim.abort();
        }
    }

    @Test
    void shouldPublishEachIdOnceFromManyThreads() throws InterruptedException {
        final int ids = 20_000;
        final Ring ring = new Ring(1 << 16, 64, ProducerMode.MULTI, WaitProfile.SPIN, 0);
        final RingReader reader = ring.addReader();
        final Publisher shared = new RingPublisher("feed", ring, new BusClock(System::nanoTime, System::nanoTime),
            new Counters(), () -> false, new MessageIdWindows(1 << 16));
        final Map<Long, Integer> idOfSequence = new ConcurrentHashMap<>();
        final AtomicInteger duplicates = new AtomicInteger();
        final List<Thread> threads = IntStream.range(0, 3).mapToObj(thread -> new Thread(() -> {
            final ExpandableArrayBuffer event = new ExpandableArrayBuffer();
            for (int id = 0; id < ids; id++) {
                final int length = encode(new EventWriter().wrap(event, 0), "id" + id);
                final long answer = shared.publish(event, 0, length, Long.MAX_VALUE / 2);
                if (answer == Publisher.DUPLICATE) {
                    duplicates.incrementAndGet();
                } else {
                    idOfSequence.put(answer, id);
                }
            }
        })).toList();
        threads.forEach(Thread::start);
        int published = 0;
        while (threads.stream().anyMatch(Thread::isAlive) || reader.hasFrame()) {
            while (reader.next()) {
                published++;
            }
            reader.release();
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(ids, published);
        assertEquals(2 * ids, duplicates.get());
        assertEquals(ids, new HashSet<>(idOfSequence.values()).size());
    }
}
