package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StepJudgeTest {
    private static final Objective OBJECTIVE = new Objective(Map.of(Stage.TOTAL, 10_000L), true);

    private long sourceNs = 1000;
    private long transportNs = 1000;
    private long consumptionNs = 1000;
    private long dropped;
    private long lost;
    private double sentPart = 1;
    private long behindNs;
    private double busyPart;
    private double roomWaitPart;
    private String stopped = "";

    private static StageFigures figures(final long ns) {
        return new StageFigures(100, ns, ns, ns);
    }

    private FlowStep step() {
        return new FlowStep(1000, 1000, 100, 100, dropped, 0, 0, lost, sentPart, behindNs, busyPart, roomWaitPart, 0,
            stopped, Map.of(Stage.SOURCE, figures(sourceNs), Stage.TRANSPORT, figures(transportNs),
                Stage.CONSUMPTION, figures(consumptionNs),
                Stage.TOTAL, figures(sourceNs + transportNs + consumptionNs)));
    }

    private Verdict verdict() {
        return StepJudge.verdict(step(), OBJECTIVE);
    }

    @Test
    void shouldSustainWhatComesThroughInTime() {
        assertEquals(Verdict.SUSTAINED, verdict());
    }

    @Test
    void shouldMissTheObjectiveOfTheTotal() {
        transportNs = 8001;

        assertEquals(Verdict.OBJECTIVE_MISSED, verdict());
        assertEquals("objective missed: p99.9 of total 10.0 µs, meant to be 10.0 µs",
            StepJudge.reason(step(), OBJECTIVE, 99.9));
    }

    @Test
    void shouldMissTheObjectiveOfAStage() {
        consumptionNs = 2001;

        assertEquals(Verdict.OBJECTIVE_MISSED, StepJudge.verdict(step(),
            new Objective(Map.of(Stage.TOTAL, 10_000L, Stage.CONSUMPTION, 2000L), true)));
    }

    @Test
    void shouldNotHoldARateThatTheSourcesDidNotSend() {
        sentPart = 0.9;

        assertEquals(Verdict.RATE_NOT_HELD, verdict());
    }

    @Test
    void shouldNotHoldARateThatLeavesABacklog() {
        behindNs = -1;

        assertEquals(Verdict.RATE_NOT_HELD, verdict());
    }

    @Test
    void shouldTellWhatIsLostFromWhatThePolicyDrops() {
        dropped = 1;
        assertEquals(Verdict.EVENTS_DROPPED, verdict());
        lost = 1;
        assertEquals(Verdict.EVENTS_LOST, verdict());
        stopped = "a missing table";
        assertEquals(Verdict.STOPPED, verdict());
    }

    @Test
    void shouldNameTheStageThatGrewTheMost() {
        final FlowStep held = step();
        transportNs = 90_000;
        consumptionNs = 50_000;

        final GaveWay gaveWay = StepJudge.gaveWay(held, step());

        assertEquals(Stage.TRANSPORT, gaveWay.stage());
        assertEquals(89_000, gaveWay.growthNs());
    }

    @Test
    void shouldBlameABusySinkForTheQueueBeforeIt() {
        final FlowStep held = step();
        transportNs = 90_000;
        busyPart = 0.99;

        final GaveWay gaveWay = StepJudge.gaveWay(held, step());

        assertEquals(Stage.CONSUMPTION, gaveWay.stage());
        assertEquals(Stage.TRANSPORT, gaveWay.grewMost());
    }

    @Test
    void shouldBlameAnotherFlowForARingWithoutRoom() {
        final FlowStep held = step();
        sourceNs = 90_000;
        roomWaitPart = 0.5;

        final GaveWay gaveWay = StepJudge.gaveWay(held, step());

        assertEquals(Stage.SOURCE, gaveWay.stage());
        assertTrue(gaveWay.why().contains("held the ring"), gaveWay.why());
    }

    @Test
    void shouldAllowABacklogForAsLongAsTheObjective() {
        assertEquals(200_000_000, StepJudge.behindLimitNs(1, OBJECTIVE));
        assertEquals(500_000_000, StepJudge.behindLimitNs(10, OBJECTIVE));
        assertEquals(3_000_000_000L,
            StepJudge.behindLimitNs(10, new Objective(Map.of(Stage.TOTAL, 3_000_000_000L), true)));
    }
}
