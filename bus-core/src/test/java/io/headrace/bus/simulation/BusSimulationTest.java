package io.headrace.bus.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs the simulation with many seeds. {@code -Dheadrace.seed=N} runs one again; {@code -Dheadrace.seeds=N} runs that
 * many, beginning with {@code -Dheadrace.first-seed=N}.
 */
class BusSimulationTest {
    private static final long SEEDS = 200;
    private static final Logger LOG = (Logger)LoggerFactory.getLogger("io.headrace.bus");

    /** Every crash and every poison event is worth a line, but not here. */
    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Test
    void shouldLoseNothingWhateverHappens() {
        final Long only = Long.getLong("headrace.seed");
        final Map<Happening, Integer> happenings = BusSimulation.newHappenings();
        final long first = only != null ? only : Long.getLong("headrace.first-seed", 0);
        final long count = only != null ? 1 : Long.getLong("headrace.seeds", SEEDS);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new BusSimulation(seed, happenings).run();
            } catch (final RuntimeException | Error failure) {
                throw new AssertionError("-Dheadrace.seed=" + seed + " fails: " + failure.getMessage(), failure);
            }
        }
        System.out.println("Simulated " + count + " seeds from " + first + ": " + happenings);
        if (count >= SEEDS) {
            for (final Happening happening : Happening.values()) {
                assertTrue(happenings.getOrDefault(happening, 0) > 0, happening + " never happened");
            }
        }
    }
}
