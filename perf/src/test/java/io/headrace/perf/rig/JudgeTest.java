package io.headrace.perf.rig;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JudgeTest {
    private static final double[] STEADY = {100, 100, 100, 100, 100};

    private final List<ArmResult> results = new ArrayList<>();

    private void arm(final String name, final double... values) {
        for (int pair = 1; pair <= values.length; pair++) {
            results.add(new ArmResult("S0", "c", name, pair, Map.of("rate", values[pair - 1]), Map.of(), List.of(),
                List.of(), List.of(), 0));
        }
    }

    private RatioSummary judge(final Metric metric) {
        final List<RatioSummary> summaries = summaries(metric);
        assertEquals(1, summaries.size());
        return summaries.get(0);
    }

    private List<RatioSummary> summaries(final Metric metric) {
        final Comparison comparison = new Comparison("c", "", List.of(
            Arm.baseline("base", run -> { }), Arm.subject("ours", run -> { })), List.of(metric));
        return Judge.summaries(new ComparisonResult(
            "S0", comparison, results, Map.of("p50", 60.0, "p99", 900.0, "max", 20_000.0), List.of(0.5, 0.7)));
    }

    @Test
    void shouldTakeTheMedianOfThePairsRatios() {
        arm("base", 100, 50, 100, 200, 100);
        arm("control", STEADY);
        arm("ours", 90, 60, 110, 180, 80);
        final RatioSummary summary = judge(Metric.more("rate", "1/s"));
        assertEquals(0.9, summary.ratioMedian(), 1e-9);
        assertEquals(0.8, summary.ratioMin(), 1e-9);
        assertEquals(1.2, summary.ratioMax(), 1e-9);
        assertEquals(5, summary.pairs());
    }

    @Test
    void shouldRefuseAVerdictWhereTheBaselineDiffersFromItself() {
        arm("base", STEADY);
        arm("control", 94, 94, 94, 94, 94);
        arm("ours", 200, 200, 200, 200, 200);
        assertTrue(judge(Metric.more("rate", "1/s")).verdict().startsWith("this machine is too noisy for a verdict"));
    }

    @Test
    void shouldSayWhetherTheGoalIsMetInEveryPair() {
        arm("base", STEADY);
        arm("control", STEADY);
        arm("ours", 85, 90, 95, 90, 79);
        assertEquals("goal met at the median, not in every pair (at least 0.80)",
            judge(Metric.more("rate", "1/s", new Metric.Goal("ours", "base", 0.8))).verdict());
        assertEquals("goal missed in every pair (at most 0.50)",
            judge(Metric.less("rate", "1/s", new Metric.Goal("ours", "base", 0.5))).verdict());
    }

    @Test
    void shouldShowNoDifferenceSmallerThanTheControlsSpread() {
        arm("base", STEADY);
        arm("control", 100, 90, 100, 110, 100);
        arm("ours", 105, 96, 104, 108, 103);
        assertEquals("no difference shown", judge(Metric.more("rate", "1/s")).verdict());
    }

    @Test
    void shouldNotJudgeFewerThanFivePairs() {
        arm("base", 100, 100);
        arm("control", 100, 100);
        arm("ours", 200, 200);
        assertTrue(judge(Metric.more("rate", "1/s")).verdict().startsWith("no verdict"));
    }

    @Test
    void shouldMakeNoRatioOfAFigureThatNotEveryRunGave() {
        arm("base", STEADY);
        arm("control", STEADY);
        arm("ours", 100, 100, 100, 100);
        results.add(new ArmResult("S0", "c", "ours", 5, Map.of("other", 1.0), Map.of(), List.of(), List.of(),
            List.of(), 0));
        assertEquals(List.of(), summaries(Metric.more("rate", "1/s")));
    }

    @Test
    void shouldNameTheArmThatFailedAndLeaveItsPairOut() {
        arm("base", STEADY);
        arm("control", STEADY);
        arm("ours", 100, 100, 100, 100);
        results.add(new ArmResult("S0", "c", "ours", 5, Map.of("rate", 1e9), Map.of(), List.of("lost 1"), List.of(),
            List.of(), 0));
        final RatioSummary summary = judge(Metric.more("rate", "1/s"));
        assertEquals("failed: ours in pair 5: lost 1", summary.verdict());
        assertEquals(4, summary.pairs());
    }
}
