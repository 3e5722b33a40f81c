package io.headrace.perf.site;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LadderTest {
    private static List<Double> climb(final Ladder ladder, final Map<String, Double> limits) {
        final List<Double> rates = new ArrayList<>();
        for (double rate = ladder.next(); !Double.isNaN(rate); rate = ladder.next()) {
            rates.add(rate);
            final Set<String> sustained = new HashSet<>();
            for (final Map.Entry<String, Double> flow : limits.entrySet()) {
                if (rate <= flow.getValue()) {
                    sustained.add(flow.getKey());
                }
            }
            ladder.record(sustained);
        }
        return rates;
    }

    @Test
    void shouldDoubleUntilARateFailsTwiceAndThenHalveTheWay() {
        final Ladder ladder = new Ladder(1000, 1e9, 2, List.of("a"));

        assertEquals(List.of(1000.0, 2000.0, 4000.0, 4000.0, 3000.0, 3500.0, 3500.0),
            climb(ladder, Map.of("a", 3100.0)));
        assertEquals(3000, ladder.held("a"));
        assertEquals(3500, ladder.failed("a"));
    }

    @Test
    void shouldFindTheLimitOfEachFlow() {
        final Ladder ladder = new Ladder(1000, 1e9, 8, List.of("slow", "fast"));

        climb(ladder, Map.of("slow", 1700.0, "fast", 30_000.0));

        for (final Map.Entry<String, Double> flow : Map.of("slow", 1700.0, "fast", 30_000.0).entrySet()) {
            assertTrue(ladder.held(flow.getKey()) <= flow.getValue());
            assertTrue(ladder.failed(flow.getKey()) > flow.getValue());
            assertTrue(ladder.failed(flow.getKey()) <= 1.15 * ladder.held(flow.getKey()), flow.getKey());
        }
    }

    @Test
    void shouldForgiveOneFailureAtARate() {
        final Ladder ladder = new Ladder(1000, 2000, 2, List.of("a"));
        ladder.record(Set.of());
        assertEquals(1000, ladder.next());
        ladder.record(Set.of("a"));

        assertEquals(2000, ladder.next());
        assertEquals(1000, ladder.held("a"));
    }

    @Test
    void shouldSpareAFlowTheRatesAboveWhatItFailed() {
        final Ladder ladder = new Ladder(1000, 1e9, 2, List.of("slow", "fast"));
        ladder.record(Set.of("fast"));
        ladder.record(Set.of("fast"));

        assertEquals(2000, ladder.next());
        assertFalse(ladder.takesPart("slow", 2000));
        assertTrue(ladder.takesPart("slow", 500));
        assertTrue(ladder.takesPart("fast", 2000));
    }

    @Test
    void shouldDescendWhenTheFirstRateFails() {
        final Ladder ladder = new Ladder(1000, 1e9, 2, List.of("a"));

        final List<Double> rates = climb(ladder, Map.of("a", 130.0));

        assertEquals(125, ladder.held("a"));
        assertTrue(rates.contains(500.0) && rates.contains(250.0));
    }

    @Test
    void shouldEndAtTheHighestRateAllowed() {
        final Ladder ladder = new Ladder(1000, 3000, 2, List.of("a"));

        assertEquals(List.of(1000.0, 2000.0, 3000.0), climb(ladder, Map.of("a", 1e12)));
        assertTrue(Double.isInfinite(ladder.failed("a")));
    }

    @Test
    void shouldEndWhenEveryFlowHasStopped() {
        final Ladder ladder = new Ladder(1000, 1e9, 2, List.of("a"));
        ladder.end("a");
        ladder.record(Set.of());

        assertTrue(Double.isNaN(ladder.next()));
    }
}
