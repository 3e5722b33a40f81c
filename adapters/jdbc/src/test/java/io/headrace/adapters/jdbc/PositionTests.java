package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.adapters.jdbc.JdbcSinkOptions.Unmapped;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.codecs.KeyHash;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import static io.headrace.adapters.jdbc.SinkTests.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is delivered again is applied once, in every database: into a table that would show each event as often as it
 * was applied.
 */
interface PositionTests extends SinkTests {
    /** Documents are inserted as they come, and have no key. */
    private TestOptions appending() {
        final TestOptions options = options().autoCreate();
        options.documents =
            new DocumentRule("document", Optional.empty(), Map.of("body", "body-text"), Map.of(), List.of());
        return options;
    }

    private static EventBatch documents(final long fromSequence, final int from, final int to) {
        final TestBatch batch = new TestBatch().fromSequence(fromSequence + from);
        for (int i = from; i < to; i++) {
            batch.document("text/plain", String.valueOf(i));
        }
        return batch.events();
    }

    private List<Integer> applied() throws SQLException {
        return rows("document").stream().map(Integer::valueOf).sorted().toList();
    }

    private static List<Integer> upTo(final int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @Test
    default void shouldLeaveOutWhatWasAppliedBeforeARestart() throws Exception {
        final JdbcSink first = sink(appending());
        first.deliver(documents(500, 0, 4));
        first.deliver(documents(500, 2, 6));
        assertEquals(2, count("already-applied-events"));
        final JdbcSink second = sink(appending());
        second.deliver(documents(500, 1, 8));
        assertEquals(5, count("already-applied-events"));
        assertEquals(2, count("applied-rows"));
        assertEquals(upTo(8), applied());
        assertEquals(List.of("mirror,lane 0 of 1," + TestSinkContext.EPOCHS.positionText(507)),
            rows("headrace_positions"));
    }

    @Test
    default void shouldApplyAParkedEventThatIsReplayedAndLeaveThePosition() throws Exception {
        final JdbcSink sink = sink(appending());
        sink.deliver(documents(500, 0, 2));
        sink.deliver(documents(500, 3, 6));
        final EventBatch parked = documents(500, 2, 3);
        parked.replayed(true);
        sink.deliver(parked);
        assertEquals(upTo(6), applied());
        sink.deliver(documents(500, 4, 7));
        assertEquals(2, count("already-applied-events"), "those that came in their turn are still recognised");
        assertEquals(upTo(7), applied());
        assertEquals(List.of("mirror,lane 0 of 1," + TestSinkContext.EPOCHS.positionText(506)),
            rows("headrace_positions"));
    }

    @Test
    default void shouldWriteNothingWhenAllWasAppliedBefore() throws Exception {
        sink(appending()).deliver(documents(500, 0, 4));
        final JdbcSink again = sink(appending());
        again.deliver(documents(500, 0, 3));
        execute("DROP TABLE " + quote("headrace_positions"));
        again.deliver(documents(500, 0, 4));
        assertEquals(7, count("already-applied-events"));
        assertEquals(0, count("applied-rows"));
        assertEquals(upTo(4), applied());
    }

    @Test
    default void shouldApplyAgainWithoutAMemory() throws Exception {
        sink(appending().atLeastOnce()).deliver(documents(500, 0, 2));
        sink(appending().atLeastOnce()).deliver(documents(500, 0, 2));
        assertEquals(List.of(0, 0, 1, 1), applied());
        assertEquals(List.of(), rows("headrace_positions"));
    }

    @Test
    default void shouldUsePositionsOfItsOwnLogOnly() throws Exception {
        sink(appending()).deliver(documents(500, 0, 3));
        final TestSinkContext otherLog = TestSinkContext.oneLane("mirror").with(EpochHistory.withoutLog());
        sink(appending(), otherLog).deliver(documents(0, 3, 6));
        assertEquals(upTo(6), applied());
        assertEquals(List.of("mirror,lane 0 of 1," + otherLog.epochs().positionText(5)), rows("headrace_positions"));
    }

    @Test
    default void shouldCutAPositionBackToTheEndOfItsEpoch() throws Exception {
        sink(appending()).deliver(documents(500, 0, 3));
        // The machine lost power before the last two were on the log's disk; their sequences were given again.
        final EpochHistory next = TestSinkContext.EPOCHS.begin(2, 501);
        sink(appending(), TestSinkContext.oneLane("mirror").with(next)).deliver(documents(498, 3, 5));
        assertEquals(upTo(5), applied());
    }

    @Test
    default void shouldStopAtAPositionThatTheLogCannotHaveGiven() throws Exception {
        final EpochHistory newer = TestSinkContext.EPOCHS.begin(2, 600);
        sink(appending(), TestSinkContext.oneLane("mirror").with(newer)).deliver(documents(600, 0, 1));
        final JdbcSink sink = sink(appending());
        final DeliveryException failure = refused(sink, documents(500, 1, 2));
        assertEquals(FailureClass.FATAL, failure.failureClass());
        final String message = failure.getMessage();
        assertTrue(message.contains("older copy"), message);
        execute(message.substring(message.indexOf("DELETE FROM")));
        sink.deliver(documents(500, 1, 2));
        assertEquals(upTo(2), applied());
    }

    @Test
    default void shouldNoticeACommitOfAnotherProcess() throws Exception {
        final JdbcSink killed = sink(appending());
        killed.deliver(documents(500, 0, 1));
        sink(appending()).deliver(documents(500, 0, 2));
        final EventBatch rest = documents(500, 1, 3);
        final DeliveryException failure = refused(killed, rest);
        assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.getMessage());
        killed.deliver(rest);
        assertEquals(upTo(3), applied());
    }

    @Test
    default void shouldNoticeTheFirstCommitOfAnotherProcess() throws Exception {
        final TestOptions options = appending();
        options.unmapped = Unmapped.IGNORE;
        final JdbcSink killed = sink(options);
        killed.deliver(new TestBatch().fromSequence(400).reading("t1", 1, r -> r.longValue(7)).events());
        assertEquals(List.of(), rows("headrace_positions"), "it found no position, and stored none without data");
        sink(appending()).deliver(documents(500, 0, 2));
        final EventBatch all = documents(500, 0, 3);
        final DeliveryException failure = refused(killed, all);
        assertEquals(FailureClass.RETRIABLE, failure.failureClass(), failure.getMessage());
        killed.deliver(all);
        assertEquals(upTo(3), applied());
    }

    @Test
    default void shouldStoreThePositionOfWholeTransactionsOnly() throws Exception {
        final TestOptions options = appending();
        options.transactions = TransactionScope.SOURCE;
        final TestBatch batch = new TestBatch().fromSequence(500);
        final JdbcSink killed = sink(options);
        killed.deliver(batch.begin().document("t", "0").commit()
            .begin().document("t", "1").endsInTransaction().events());
        killed.close();
        assertEquals(List.of("mirror,lane 0 of 1," + TestSinkContext.EPOCHS.positionText(502)),
            rows("headrace_positions"));
        final JdbcSink restarted = sink(options);
        restarted.deliver(batch.next().fromSequence(500).begin().document("t", "0").commit()
            .begin().document("t", "1").endsInTransaction().events());
        restarted.deliver(batch.next().document("t", "2").endsInTransaction().events());
        restarted.deliver(batch.next().document("t", "3").commit().events());
        assertEquals(3, count("already-applied-events"));
        assertEquals(upTo(4), applied());
        assertEquals(List.of("mirror,lane 0 of 1," + TestSinkContext.EPOCHS.positionText(batch.nextSequence() - 1)),
            rows("headrace_positions"));
    }

    /** Each number of lanes delivers up to another place in each lane, and the next begins at the lowest. */
    @Test
    default void shouldLeaveOutByTheOldLanesWhenTheirNumberChanges() throws Exception {
        final long seed = Long.getLong("headrace.seed", System.nanoTime());
        final Random random = new Random(seed);
        final int eventCount = 60;
        int from = 0;
        for (final int laneCount : new int[] {4, 2, 4, 3, 1}) {
            int lowestEnd = eventCount;
            for (int lane = 0; lane < laneCount; lane++) {
                final int end = laneCount == 1 ? eventCount : from + random.nextInt(eventCount - from);
                deliverLane(lane, laneCount, from, end);
                lowestEnd = Math.min(lowestEnd, end);
            }
            from = lowestEnd;
        }
        assertEquals(upTo(eventCount), applied(), "headrace.seed=" + seed);
        sink(appending()).deliver(documents(500, eventCount, eventCount + 1));
        assertEquals(List.of("mirror,lane 0 of 1," + TestSinkContext.EPOCHS.positionText(500 + eventCount)),
            rows("headrace_positions"), "what the last lanes stored is passed, headrace.seed=" + seed);
    }

    private void deliverLane(final int lane, final int laneCount, final int from, final int end) throws Exception {
        final TestBatch batch = new TestBatch();
        for (int i = from; i < end; i++) {
            final String key = "key-" + i % 17;
            if (SinkContext.laneOf(KeyHash.of(TestBatch.utf8(key)), laneCount) == lane) {
                batch.fromSequence(500 + i).key(key).document("text/plain", String.valueOf(i));
            }
        }
        if (batch.events().size() > 0) {
            sink(appending(), TestSinkContext.ofLanes("mirror", lane, laneCount)).deliver(batch.events());
        }
    }

    @Test
    default void shouldKeepOldLanesUntilEveryLaneHasPassedThem() throws Exception {
        sink(appending()).deliver(documents(500, 0, 3));
        final List<JdbcSink> lanes = new ArrayList<>();
        for (int lane = 0; lane < 2; lane++) {
            lanes.add(sink(appending(), TestSinkContext.ofLanes("mirror", lane, 2)));
        }
        lanes.get(0).deliver(documents(500, 3, 4));
        assertEquals(2, rows("headrace_positions").size(), "lane 1 has not stored anything yet");
        lanes.get(1).deliver(documents(500, 4, 5));
        lanes.get(0).deliver(documents(500, 5, 6));
        assertEquals(List.of("mirror,lane 0 of 2," + TestSinkContext.EPOCHS.positionText(505),
            "mirror,lane 1 of 2," + TestSinkContext.EPOCHS.positionText(504)), rows("headrace_positions"));
    }
}
