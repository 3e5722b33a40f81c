package io.headrace.bus.delivery;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.ExpandableArrayBuffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * One lane that parks by key, driven from a seed through batches, sick and well events, replays, drops, and crashes in
 * the middle of any of these. Whatever happens: each key's events come to the sink in their order, the first time that
 * each comes; none is lost but those dropped; none comes again once it is resolved, nor in its turn while it is parked;
 * and none is parked in the end.
 */
class ParkingModelTest {
    private static final int KEYS = 4;
    private static final int EVENTS = 60;
    private static final int STEPS = 60;

    private static final class Run implements Sink {
        final Random random;
        final SimulatedLog log = new SimulatedLog(10_000);
        final Set<Long> sick = new HashSet<>();
        final Set<Long> dropped = new HashSet<>();
        final Map<Integer, List<Long>> takenByKey = new TreeMap<>();
        final Set<Long> taken = new HashSet<>();
        final List<String> wrong = new ArrayList<>();
        ParkingLot lot;
        Delivery delivery;
        /** What the lane has finished, what is recorded of that, and the first sequence not published. */
        long finishedSequence = -1;
        long recordedPosition = -1;

        Run(final long seed) {
            random = new Random(seed);
            for (long sequence = 0; sequence < EVENTS; sequence++) {
                if (random.nextInt(5) == 0) {
                    sick.add(sequence);
                }
            }
            start();
        }

        void start() {
            final Counters counters = new Counters();
            lot = new ParkingLot("plan", 1, keyHash -> 0,
                new ParkingStore(log.parkedEvents(), log, log::newReader, () -> 1),
                () -> recordedPosition = finishedSequence, counters);
            delivery = new Delivery(new DeliveryContext()
                .flowName("plan").sink(this)
                .failures(new RetryOptions(
                    Duration.ofMillis(1), Duration.ofMillis(1), 0, Optional.empty(), Optional.empty()),
                    OnPoison.PARK_KEY)
                .monitor(new HealthIndicator("test"), DeliveryCounters.of(counters, "test"))
                .parking(lot, 0));
        }

        static int keyOf(final long sequence) {
            return (int)(sequence * 7 % 11 % (KEYS + 1));
        }

        @Override
        public void deliver(final EventBatch batch) throws DeliveryException {
            for (int i = 0; i < batch.size(); i++) {
                final EventView event = batch.event(i);
                check(event.sequence(), batch.replayed());
                if (sick.contains(event.sequence())) {
                    throw DeliveryException.poison(i, i, "Sick.", null);
                }
                if (taken.add(event.sequence())) {
                    takenByKey.computeIfAbsent(keyOf(event.sequence()), key -> new ArrayList<>())
                        .add(event.sequence());
                }
            }
        }

        void check(final long sequence, final boolean replayed) {
            if (log.resolvedSequences().contains(sequence)) {
                wrong.add(sequence + " comes again though it is resolved");
            }
            if (replayed != (log.parkedEvents().find("plan", sequence) != null)) {
                wrong.add(sequence + " comes though it is parked, or is replayed though it is not");
            }
        }

        @Override
        public void close() {
        }

        void step() {
            try {
                switch (random.nextInt(8)) {
                    case 0 -> log.failAfter(random.nextInt(6));
                    case 1 -> sick.removeIf(sequence -> random.nextInt(4) == 0);
                    case 2 -> lot.replay(ParkedSelection.all());
                    case 3 -> randomParked().ifPresent(event -> lot.replay(
                        random.nextBoolean() ? ParkedSelection.sequence(event.sequence()) :
                            ParkedSelection.key(event.topic(), event.key())));
                    case 4 -> drop();
                    default -> deliverSome();
                }
                delivery.doWork(finishedSequence);
                if (random.nextBoolean()) {
                    recordedPosition = finishedSequence;
                }
            } catch (final FlowStoppedException ex) {
                // The log was closed under it: a crash.
                crash();
            } catch (final InterruptedException ex) {
                throw new AssertionError(ex);
            }
        }

        void deliverSome() throws FlowStoppedException, InterruptedException {
            final long last = Math.min(EVENTS - 1, finishedSequence + 1 + random.nextInt(6));
            if (last <= finishedSequence) {
                return;
            }
            final EventBatch batch = new EventBatch(10, 1 << 16);
            for (long sequence = finishedSequence + 1; sequence <= last; sequence++) {
                append(batch, sequence);
            }
            delivery.deliver(batch);
            finishedSequence = last;
        }

        void append(final EventBatch batch, final long sequence) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final EventWriter writer = new EventWriter().wrap(buffer, 0)
                .kind(EventKind.DOCUMENT).topic("erp.item".getBytes());
            // The last of the keys is none.
            final int length = keyOf(sequence) == KEYS ? writer.length() :
                writer.key(("k" + keyOf(sequence)).getBytes()).length();
            EventStamp.stamp(buffer, 0, sequence, 0);
            batch.append(buffer, 0, length, 0);
        }

        Optional<ParkedEvent> randomParked() {
            final List<ParkedEvent> events = lot.events();
            return events.isEmpty() ? Optional.empty() : Optional.of(events.get(random.nextInt(events.size())));
        }

        void drop() throws FlowStoppedException, InterruptedException {
            final Optional<ParkedEvent> event = randomParked();
            if (event.isPresent() && event.get().sequence() <= finishedSequence) {
                // Also when a crash comes before it is recorded: the next process may be asked again, or not.
                dropped.add(event.get().sequence());
                lot.drop(ParkedSelection.sequence(event.get().sequence()));
            }
        }

        void crash() {
            delivery.close(Long.MAX_VALUE);
            log.restart();
            finishedSequence = recordedPosition;
            start();
        }

        void heal() throws Exception {
            crash();
            sick.clear();
            while (finishedSequence < EVENTS - 1) {
                deliverSome();
                delivery.doWork(finishedSequence);
            }
            // Those held back must follow by themselves.
            lot.events().stream().filter(event -> !event.heldBack())
                .forEach(event -> lot.replay(ParkedSelection.sequence(event.sequence())));
            while (delivery.hasWork(finishedSequence)) {
                delivery.doWork(finishedSequence);
            }
        }
    }

    @Property(tries = 200)
    void shouldKeepTheOrderOfKeysAndLoseNothing(@ForAll final long seed) throws Exception {
        final Run run = new Run(seed);
        for (int step = 0; step < STEPS; step++) {
            run.step();
        }
        run.heal();
        assertEquals(List.of(), run.wrong);
        assertEquals(List.of(), run.lot.events());
        assertFalse(run.delivery.hasWork(run.finishedSequence) && run.delivery.doWork(run.finishedSequence) > 0);
        run.takenByKey.forEach((key, sequences) -> assertTrue(
            key == KEYS || sequences.equals(sequences.stream().sorted().toList()),
            "key " + key + " came in the order " + sequences));
        for (long sequence = 0; sequence < EVENTS; sequence++) {
            assertTrue(
                run.taken.contains(sequence) || run.dropped.contains(sequence), "event " + sequence + " is lost");
        }
    }
}
