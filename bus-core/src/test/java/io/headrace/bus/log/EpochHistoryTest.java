package io.headrace.bus.log;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
}
