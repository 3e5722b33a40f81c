package io.headrace.bus.delivery;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.log.ParkedEvent;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import static io.headrace.bus.delivery.ScriptedSink.fatal;
import static io.headrace.bus.delivery.ScriptedSink.poison;
import static io.headrace.bus.delivery.ScriptedSink.retriable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Events are written {@code SEQUENCE:KEY}, or {@code SEQUENCE:TOPIC/KEY}; a key of "" is none. */
class ParkingTest {
    private static final long NOW_NS = 1_700_000_000_000_000_000L;

    private final SimulatedLog log = new SimulatedLog(5);
    private final List<String> steps = new ArrayList<>();
    private Counters counters = new Counters();
    private HealthIndicator health = new HealthIndicator("test");
    private ParkingLot lot;
    private Delivery delivery;

    private Delivery start(final OnPoison onPoison, final ScriptedSink sink) {
        counters = new Counters();
        health = new HealthIndicator("test");
        lot = lot(1);
        delivery = delivery(onPoison, sink, 0);
        return delivery;
    }

    private ParkingLot lot(final int lanes) {
        return new ParkingLot("plan", lanes, keyHash -> (int)Math.floorMod(keyHash, (long)lanes),
            new ParkingStore(log.parkedEvents(), log, log::newReader, () -> NOW_NS),
            () -> steps.add("position at " + log.recordCount()), counters);
    }

    private Delivery delivery(final OnPoison onPoison, final ScriptedSink sink, final int lane) {
        final RetryOptions retry = new RetryOptions(
            Duration.ofMillis(1), Duration.ofMillis(1), 0, Optional.of(1), Optional.empty());
        return new Delivery(new DeliveryContext()
            .flowName("plan").sink(sink).failures(retry, onPoison)
            .monitor(health, DeliveryCounters.of(counters, "subscription.plan"))
            .parking(lot, lane));
    }

    private static EventBatch batch(final String... events) {
        final EventBatch batch = new EventBatch(events.length, 1 << 16);
        for (final String text : events) {
            final String[] parts = text.split(":", -1);
            final int slash = parts[1].indexOf('/');
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            final int length = new EventWriter().wrap(buffer, 0).kind(EventKind.DOCUMENT)
                .topic((slash < 0 ? "erp.item" : parts[1].substring(0, slash)).getBytes())
                .source("erp".getBytes()).key(parts[1].substring(slash + 1).getBytes())
                .payload(("payload " + text).getBytes()).length();
            EventStamp.stamp(buffer, 0, Long.parseLong(parts[0]), 0);
            assertTrue(batch.append(buffer, 0, length, 0));
        }
        return batch;
    }

    private List<String> parked() {
        return lot.events().stream().map(event -> event.sequence() + " " + event.attempts() + " "
            + (event.heldBack() ? "held back" : event.reason())).toList();
    }

    private Map<String, Long> counts() {
        final Map<String, Long> counts = new TreeMap<>();
        counters.forEach((name, value) -> {
            if (name.contains(".parked-") && value != 0) {
                counts.put(name.substring(name.lastIndexOf('.') + 1), value);
            }
        });
        return counts;
    }

    private ParkingOutcome replay(final ParkedSelection selection) throws Exception {
        final CompletableFuture<ParkingOutcome> outcome = lot.replay(selection);
        assertTrue(delivery.hasWork(100));
        delivery.doWork(100);
        return outcome.get();
    }

    private ParkingOutcome drop(final ParkedSelection selection) throws Exception {
        final CompletableFuture<ParkingOutcome> outcome = lot.drop(selection);
        delivery.doWork(100);
        return outcome.get();
    }

    @Test
    void shouldParkAPoisonEventWithItsBytesAndGoOn() throws Exception {
        final List<Integer> recordsSeen = new ArrayList<>();
        final ScriptedSink sink = new ScriptedSink(poison(0, 1), batch -> recordsSeen.add(log.recordCount()));
        start(OnPoison.PARK_EVENT, sink).deliver(batch("1:a", "2:b", "3:b"));
        assertEquals(List.of(List.of(1L, 2L, 3L), List.of(1L, 3L)), sink.shown());
        assertEquals(List.of(1), recordsSeen, "the sink goes on when the parked event is recorded");
        final ParkedEvent event = lot.events().get(0);
        assertEquals("plan 2 erp.item It does not fit. 1 " + NOW_NS + " false", String.join(" ",
            event.subscription(), event.sequence() + "", event.topic(), event.reason(), event.attempts() + "",
            event.parkedAtNs() + "", event.heldBack() + ""));
        assertArrayEquals("b".getBytes(), event.key());
        assertEquals(Map.of("parked-events", 1L, "parked-total", 1L), counts());
        assertEquals(Health.State.UP, health.state());
    }

    @Test
    void shouldHoldBackTheLaterEventsOfTheKeyAndNoOthers() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 1));
        start(OnPoison.PARK_KEY, sink).deliver(batch("1:a", "2:a", "3:b", "4:a", "5:other/a", "6:"));
        assertEquals(List.of(List.of(1L, 2L, 3L, 4L, 5L, 6L), List.of(1L, 3L, 5L, 6L)), sink.shown(),
            "what came before it of its key goes on, and a key counts within its topic");
        delivery.deliver(batch("7:a", "8:b"));
        delivery.deliver(batch("9:a"));
        assertEquals(List.of(8L), sink.shown().get(2));
        assertEquals(3, sink.shown().size(), "a batch of nothing but held back events never comes to the sink");
        assertEquals(List.of("2 1 It does not fit.", "4 0 held back", "7 0 held back", "9 0 held back"), parked());
        assertEquals("Held back behind event 2 of its key.", lot.events().get(1).reason());
        assertEquals(Map.of("parked-events", 4L, "parked-total", 4L, "parked-held-back", 3L), counts());
    }

    @Test
    void shouldHoldNothingBackBehindAnEventWithoutAKey() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 0));
        start(OnPoison.PARK_KEY, sink).deliver(batch("1:", "2:", "3:"));
        assertEquals(List.of(2L, 3L), sink.shown().get(1));
        assertEquals(List.of("1 1 It does not fit."), parked());
    }

    @Test
    void shouldLeaveOutWhatIsParkedWhenItComesAgainAfterACrash() throws Exception {
        start(OnPoison.PARK_KEY, new ScriptedSink(poison(0, 1))).deliver(batch("1:a", "2:a", "3:a", "4:b"));
        log.restart();
        final ScriptedSink sink = new ScriptedSink();
        start(OnPoison.PARK_KEY, sink).deliver(batch("1:a", "2:a", "3:a", "4:b", "5:a"));
        assertEquals(List.of(List.of(1L, 4L)), sink.shown());
        assertEquals(List.of("2 1 It does not fit.", "3 0 held back", "5 0 held back"), parked());
        assertEquals(3, log.recordCount(), "2 and 3 are not parked twice");
    }

    @Test
    void shouldReplayAnEventAndThoseHeldBackBehindItInOrder() throws Exception {
        final List<Boolean> outOfTurn = new ArrayList<>();
        final List<String> payloads = new ArrayList<>();
        final ScriptedSink.Step look = batch -> {
            outOfTurn.add(batch.replayed());
            payloads.add(batch.event(0).buffer().getStringWithoutLengthUtf8(
                batch.event(0).payloadOffset(), batch.event(0).payloadLength()));
        };
        final ScriptedSink sink = new ScriptedSink(poison(0, 0), batch -> outOfTurn.add(batch.replayed()),
            look, look, look);
        start(OnPoison.PARK_KEY, sink).deliver(batch("2:a", "3:b", "4:a", "5:a"));
        assertEquals(new ParkingOutcome(3, 0, 0, List.of()), replay(ParkedSelection.sequence(2)));
        assertEquals(List.of(List.of(2L), List.of(4L), List.of(5L)), sink.shown().subList(2, 5));
        assertEquals(List.of(false, true, true, true), outOfTurn);
        assertEquals(List.of("payload 2:a", "payload 4:a", "payload 5:a"), payloads);
        assertEquals(List.of(), parked());
        assertEquals(List.of("position at 3"), steps, "the position is recorded before the first is resolved");
        assertEquals(Map.of("parked-total", 3L, "parked-held-back", 2L, "parked-replayed", 3L), counts());
        delivery.deliver(batch("6:a"));
        assertEquals(List.of(6L), sink.shown().get(5));
        delivery.doWork(100);
        assertFalse(delivery.hasWork(100));
    }

    @Test
    void shouldKeepAnEventParkedThatIsRefusedAgain() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 0), retriable(0), poison(0, 0));
        start(OnPoison.PARK_KEY, sink).deliver(batch("2:a", "4:a"));
        final ParkingOutcome outcome = replay(ParkedSelection.all());
        assertEquals(new ParkingOutcome(0, 0, 2, List.of(
            "Event 2: It does not fit.", "Event 4 waits for event 2 of its key.")), outcome);
        assertEquals(List.of("2 2 It does not fit.", "4 0 held back"), parked());
        assertEquals(3, sink.shown().size(), "it is retried like a batch, and 4 is not tried");
        assertEquals(Map.of("parked-events", 2L, "parked-total", 2L, "parked-held-back", 1L,
            "parked-replay-failures", 1L), counts());
    }

    @Test
    void shouldStopAtTheFirstHeldBackEventThatIsRefused() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 0), batch -> { }, poison(0, 0));
        start(OnPoison.PARK_KEY, sink).deliver(batch("2:a", "4:a", "6:a"));
        assertEquals(new ParkingOutcome(1, 0, 1, List.of("Event 4: It does not fit.")),
            replay(ParkedSelection.sequence(2)));
        assertEquals(List.of("4 1 It does not fit.", "6 0 held back"), parked());
    }

    @Test
    void shouldReplayEventsOneByOneWhenNoOrderIsAskedFor() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 1), poison(0, 1), batch -> { }, poison(0, 0));
        start(OnPoison.PARK_EVENT, sink).deliver(batch("1:a", "2:a", "3:a"));
        assertEquals(List.of(1L), sink.shown().get(2));
        assertEquals(new ParkingOutcome(1, 0, 1, List.of("Event 2: It does not fit.")), replay(ParkedSelection.all()));
        assertEquals(List.of("2 2 It does not fit."), parked());
        assertEquals(1, replay(ParkedSelection.key("erp.item", "a".getBytes())).replayed());
        assertEquals(ParkingOutcome.none(), replay(ParkedSelection.sequence(2)));
    }

    @Test
    void shouldReleaseWhatIsHeldBackBehindADroppedEvent() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 0));
        start(OnPoison.PARK_KEY, sink).deliver(batch("2:a", "4:a", "6:a"));
        assertEquals(new ParkingOutcome(0, 1, 0, List.of()), drop(ParkedSelection.sequence(2)));
        assertEquals(List.of(List.of(4L), List.of(6L)), sink.shown().subList(1, 3));
        assertEquals(List.of(), parked());
        assertEquals(Map.of("parked-total", 3L, "parked-held-back", 2L, "parked-replayed", 2L, "parked-dropped", 1L),
            counts());
    }

    @Test
    void shouldReleaseWhatACrashLeftHeldBackOnceTheFlowHasComeToIt() throws Exception {
        start(OnPoison.PARK_KEY, new ScriptedSink(poison(0, 0))).deliver(batch("2:a", "4:a"));
        log.failAfter(1);
        lot.drop(ParkedSelection.sequence(2));
        assertThrows(FlowStoppedException.class, () -> delivery.doWork(100));
        log.restart();
        final ScriptedSink sink = new ScriptedSink();
        start(OnPoison.PARK_KEY, sink);
        delivery.doWork(1);
        assertFalse(delivery.hasWork(1), "the flow comes to it again, and would deliver it twice");
        assertTrue(delivery.hasWork(4));
        delivery.doWork(4);
        assertEquals(List.of(List.of(4L)), sink.shown());
        assertEquals(List.of(), parked());
    }

    @Test
    void shouldNotReplayWhatTheFlowHasNotComeToAgain() throws Exception {
        start(OnPoison.PARK_EVENT, new ScriptedSink(poison(0, 0))).deliver(batch("2:a"));
        final CompletableFuture<ParkingOutcome> replayed = lot.replay(ParkedSelection.all());
        final CompletableFuture<ParkingOutcome> dropped = lot.drop(ParkedSelection.all());
        delivery.doWork(1);
        assertEquals(1, replayed.get().remaining());
        assertEquals(1, dropped.get().remaining());
        assertTrue(dropped.get().problems().get(0).contains("ask later"), dropped.get().problems().toString());
        assertEquals(List.of("2 1 It does not fit."), parked());
    }

    @Test
    void shouldStopWhenTheBusHasNoRoomToPark() throws Exception {
        start(OnPoison.PARK_KEY, new ScriptedSink(poison(0, 0))).deliver(batch("1:a", "2:a", "3:a", "4:a", "5:a"));
        final FlowStoppedException stopped =
            assertThrows(FlowStoppedException.class, () -> delivery.deliver(batch("6:a")));
        assertTrue(stopped.getMessage().contains("5 events are parked already"), stopped.getMessage());
        assertEquals(Health.State.FAILED, health.state());
        assertEquals(5, log.recordCount());
        assertEquals(5, replay(ParkedSelection.all()).replayed(), "the place of one parked is its own when it moves");
    }

    @Test
    void shouldStopWhenAnEventIsTooLongToPark() {
        start(OnPoison.PARK_EVENT, new ScriptedSink(poison(0, 0)));
        log.maxLengthBytes(100);
        final FlowStoppedException stopped =
            assertThrows(FlowStoppedException.class, () -> delivery.deliver(batch("6:a")));
        assertTrue(stopped.getMessage().contains("too long to be parked"), stopped.getMessage());
        assertTrue(stopped.getMessage().contains("It does not fit."), stopped.getMessage());
    }

    @Test
    void shouldStopWhenTheLogIsClosed() {
        start(OnPoison.PARK_EVENT, new ScriptedSink(poison(0, 0)));
        log.close();
        final FlowStoppedException stopped =
            assertThrows(FlowStoppedException.class, () -> delivery.deliver(batch("6:a")));
        assertTrue(stopped.getMessage().contains("It is closed."), stopped.getMessage());
    }

    @Test
    void shouldStopWhenAReplayEndsTheFlowAndTellWhoAsked() throws Exception {
        final ScriptedSink sink = new ScriptedSink(poison(0, 0), fatal(0));
        start(OnPoison.PARK_EVENT, sink).deliver(batch("1:a"));
        final CompletableFuture<ParkingOutcome> outcome = lot.replay(ParkedSelection.all());
        assertThrows(FlowStoppedException.class, () -> delivery.doWork(100));
        assertTrue(assertThrows(ExecutionException.class, outcome::get).getMessage().contains("There is no table."));
        assertEquals(List.of("1 1 It does not fit."), parked());
    }

    @Test
    void shouldOnlyDropOnAFlowThatHasStopped() throws Exception {
        start(OnPoison.PARK_KEY, new ScriptedSink(poison(0, 0))).deliver(batch("1:a", "2:a"));
        final CompletableFuture<ParkingOutcome> asked = lot.replay(ParkedSelection.all());
        delivery.close(Long.MAX_VALUE);
        assertTrue(assertThrows(ExecutionException.class, asked::get).getMessage().contains("has stopped"));
        assertTrue(lot.replay(ParkedSelection.all()).isCompletedExceptionally());
        assertEquals(1, lot.drop(ParkedSelection.sequence(1)).get().dropped());
        assertEquals(List.of("2 0 held back"), parked());
    }

    @Test
    void shouldFindAnEventWhoseRecordWasMoved() throws Exception {
        start(OnPoison.PARK_EVENT, new ScriptedSink(poison(0, 0))).deliver(batch("1:a"));
        final long position = lot.events().get(0).logPosition();
        assertEquals(position, log.parkedEvents().lowestLogPosition());
        assertEquals(1, log.parkedEvents().below(position + 1).size());
        log.moveToEnd(position);
        assertEquals(List.of(), log.parkedEvents().below(position + 1));
        assertEquals(List.of("1 1 It does not fit."), parked());
        assertEquals(1, replay(ParkedSelection.all()).replayed());
    }

    @Test
    void shouldKeepAnEventParkedThatCannotBeRead() throws Exception {
        start(OnPoison.PARK_EVENT, new ScriptedSink(poison(0, 0))).deliver(batch("1:a"));
        log.forget(lot.events().get(0).logPosition());
        final ParkingOutcome outcome = replay(ParkedSelection.all());
        assertEquals(List.of("Event 1: its record cannot be read: It is purged."), outcome.problems());
        assertEquals(List.of("1 1 It does not fit."), parked());
        assertEquals(1, drop(ParkedSelection.all()).dropped());
    }

    @Test
    void shouldServeEachEventInItsLane() throws Exception {
        lot = lot(2);
        final ScriptedSink[] sinks = {new ScriptedSink(), new ScriptedSink()};
        final Delivery[] deliveries = new Delivery[2];
        for (int lane = 0; lane < 2; lane++) {
            deliveries[lane] = delivery(OnPoison.PARK_EVENT, sinks[lane], lane);
        }
        final EventBatch events = batch("1:a", "2:b", "3:c", "4:d", "5:");
        final List<Long> ofLane0 = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if (Math.floorMod(events.event(i).keyHash(), 2L) == 0) {
                ofLane0.add(events.event(i).sequence());
            }
            lot.lane(0).park(events.event(i), "It does not fit.", 1, false);
        }
        final CompletableFuture<ParkingOutcome> outcome = lot.replay(ParkedSelection.all());
        deliveries[0].doWork(100);
        assertFalse(outcome.isDone());
        deliveries[1].doWork(100);
        assertEquals(new ParkingOutcome(5, 0, 0, List.of()), outcome.get());
        assertEquals(ofLane0, sinks[0].shown().stream().map(shown -> shown.get(0)).toList());
        assertEquals(5 - ofLane0.size(), sinks[1].shown().size());
    }

    @Test
    void shouldRefuseToParkWithoutALog() {
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new Delivery(
            "plan", new ScriptedSink(), RetryOptions.defaults(), OnPoison.PARK_KEY, health,
            DeliveryCounters.of(counters, "test")));
        assertTrue(refused.getMessage().contains("needs a bus with an event log"), refused.getMessage());
    }
}
