package io.headrace.bus.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

class FlowLatencyTest {
    private final StageRecorder firstLane = new StageRecorder();
    private final StageRecorder secondLane = new StageRecorder();
    private final FlowLatency latency = new FlowLatency(List.of(firstLane, secondLane));

    private long intervalCount() {
        return latency.takeInterval().get(Stage.TOTAL).getTotalCount();
    }

    private long wholeCount() {
        return latency.whole().get(Stage.TOTAL).getTotalCount();
    }

    @Test
    void shouldAddUpTheLanes() {
        firstLane.record(100, 10, 1);
        secondLane.record(200, 20, 2);
        assertEquals(222, latency.whole().get(Stage.TOTAL).getMaxValue());
        assertEquals(2, intervalCount());
    }

    @Test
    void shouldKnowTheWholeUpToNowAndTakeNothingFromTheInterval() {
        firstLane.record(1, 1, 1);
        assertEquals(1, wholeCount());
        assertEquals(1, wholeCount());
        firstLane.record(1, 1, 1);
        assertEquals(2, intervalCount());
        assertEquals(0, intervalCount());
        assertEquals(2, wholeCount());
    }

    @Test
    void shouldGiveIntervalsAway() {
        firstLane.record(1, 1, 1);
        latency.takeInterval().get(Stage.TOTAL).reset();
        secondLane.recordInside(1, 1);
        assertEquals(0, intervalCount());
        assertEquals(1, wholeCount());
        assertEquals(2, latency.whole().get(Stage.TRANSPORT).getTotalCount());
    }
}
