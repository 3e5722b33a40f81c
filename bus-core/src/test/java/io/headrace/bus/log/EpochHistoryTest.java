package io.headrace.bus.log;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EpochHistoryTest {
    private static final long LOG_ID = -42;

    @Test
    void shouldFindItsOwnPositionsAgain() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0).begin(2, 100);
        assertEquals(150, epochs.positionOf(epochs.positionText(150)));
        assertEquals(0, epochs.positionOf(epochs.positionText(0)));
    }

    @Test
    void shouldCutAPositionBackToTheEndOfItsEpoch() {
        final EpochHistory first = EpochHistory.of(LOG_ID).begin(1, 0);
        final EpochHistory later = first.begin(2, 100).begin(3, 200);
        assertEquals(99, later.positionOf(first.positionText(120)), "120 was lost, and given to another event");
        assertEquals(50, later.positionOf(first.positionText(50)));
        assertEquals(199, later.positionOf(first.begin(2, 100).positionText(250)));
    }

    @Test
    void shouldKnowNothingOfAnotherLog() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0);
        assertEquals(-1, epochs.positionOf(EpochHistory.of(LOG_ID + 1).begin(1, 0).positionText(5)));
        assertNotEquals(EpochHistory.withoutLog().logId(), EpochHistory.withoutLog().logId());
    }

    /** A crash can leave the beginning of a checkpoint, which tells of the first epochs again. */
    @Test
    void shouldKeepTheLaterEpochsWhenAnEarlierOneIsToldAgain() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0).begin(2, 100).begin(3, 200);
        final EpochHistory toldAgain = epochs.begin(1, 0).begin(2, 100);
        assertEquals(3, toldAgain.epoch());
        assertEquals(200, toldAgain.firstSequence(3));
    }

    @Test
    void shouldReplaceAnEpochThatBeginsElsewhere() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0).begin(2, 100).begin(3, 200).begin(2, 90);
        assertEquals(2, epochs.epoch());
        assertEquals(90, epochs.firstSequence(2));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0);
        assertThrows(IllegalArgumentException.class, () -> epochs.begin(3, 10));
        assertThrows(IllegalArgumentException.class, () -> epochs.begin(0, 10));
        assertThrows(IllegalArgumentException.class, () -> epochs.positionOf("12"));
        assertThrows(IllegalArgumentException.class,
            () -> epochs.positionOf(epochs.begin(2, 10).positionText(11)), "of an epoch that has not begun");
    }

    /** Two processes both took themselves for the leader, and began an epoch of the same number. */
    @Test
    void shouldCutAPositionBackWhenItsEpochWasGivenUp() {
        final EpochHistory common = EpochHistory.of(LOG_ID).begin(1, 0, 1_000);
        final EpochHistory givenUp = common.begin(2, 100, 2_000);
        final EpochHistory kept = common.begin(2, 100, 3_000);
        assertEquals(99, kept.positionOf(givenUp.positionText(150)));
        assertEquals(150, kept.positionOf(kept.positionText(150)));
        assertEquals(150, givenUp.positionOf(givenUp.positionText(150)));
    }

    @Test
    void shouldNameTheEpochThatASequenceBelongsTo() {
        final EpochHistory epochs = EpochHistory.of(LOG_ID).begin(1, 0, 10).begin(2, 100, 20).begin(3, 100, 30);
        assertEquals(1, epochs.epochOf(99));
        assertEquals(3, epochs.epochOf(100));
        assertEquals(0, epochs.epochOf(-1));
        final EpochHistory other = EpochHistory.of(LOG_ID).begin(1, 0, 10).begin(2, 80, 25);
        assertEquals(79, other.positionOf(epochs.positionText(90)), "80 to 90 were given to other events");
    }

    @Test
    void shouldReplaceAnEpochThatBeganAtAnotherTime() {
        final EpochHistory epochs =
            EpochHistory.of(LOG_ID).begin(1, 0, 10).begin(2, 100, 20).begin(3, 200, 30).begin(2, 100, 21);
        assertEquals(2, epochs.epoch());
        assertEquals(21, epochs.startTimeNs(2));
    }

    @Test
    void shouldLetAReplicaGoOnThatIsOnlyBehind() {
        final EpochHistory leader = EpochHistory.of(LOG_ID).begin(1, 0, 10).begin(2, 100, 20);
        assertEquals(new EpochHistory.Comparison(0, -1, false), leader.compare(EpochHistory.of(LOG_ID), 0, 150));
        final EpochHistory replica = EpochHistory.of(LOG_ID).begin(1, 0, 10);
        assertEquals(new EpochHistory.Comparison(60, -1, false), leader.compare(replica, 60, 150));
        assertEquals(new EpochHistory.Comparison(100, -1, false), leader.compare(replica, 100, 150),
            "it has all of epoch 1");
        assertEquals(new EpochHistory.Comparison(150, -1, false), leader.compare(leader, 150, 150));
    }

    @Test
    void shouldCutWhatTheLeaderLost() {
        final EpochHistory leader = EpochHistory.of(LOG_ID).begin(1, 0, 10).begin(2, 100, 20);
        final EpochHistory replica = EpochHistory.of(LOG_ID).begin(1, 0, 10);
        assertEquals(new EpochHistory.Comparison(100, 100, false), leader.compare(replica, 121, 150));
        assertEquals(new EpochHistory.Comparison(150, 150, false), leader.compare(leader, 151, 150),
            "more than the leader has in the same epoch");
    }

    @Test
    void shouldCutAnEpochThatNobodyElseHas() {
        final EpochHistory common = EpochHistory.of(LOG_ID).begin(1, 0, 10);
        final EpochHistory leader = common.begin(2, 100, 20);
        assertEquals(new EpochHistory.Comparison(90, 90, false), leader.compare(common.begin(2, 90, 25), 130, 150),
            "an own epoch that began earlier");
        assertEquals(new EpochHistory.Comparison(100, 100, false), leader.compare(common.begin(2, 110, 25), 130, 150));
        assertEquals(new EpochHistory.Comparison(100, 100, false), leader.compare(common.begin(2, 100, 25), 100, 150),
            "an own epoch without an event");
    }

    @Test
    void shouldFindTheLeaderStaleWhenSomebodyLedAfterIt() {
        final EpochHistory leader = EpochHistory.of(LOG_ID).begin(1, 0, 10);
        final EpochHistory replica = leader.begin(2, 100, 20);
        assertTrue(leader.compare(replica, 130, 110).leaderIsStale());
        assertFalse(replica.compare(leader, 110, 130).leaderIsStale());
    }
}
