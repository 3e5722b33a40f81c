package io.headrace.perf.site;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The main thread: which rate comes next. It doubles until no flow sustains it, and then halves, flow by flow, the way
 * between the highest rate sustained and the lowest one that was not. A rate counts as not sustained when a flow failed
 * it twice in a row, as one hiccup of the machine is enough for once.
 */
final class Ladder {
    /** A bracket that is as narrow as this is not looked into any further. */
    private static final double NARROW = 1.15;
    private static final int MAX_DESCENTS = 6;

    private final double maxRate;
    private final int probesPerFlow;
    private final Map<String, Bracket> flows = new LinkedHashMap<>();
    private double rate;
    private boolean again;
    private boolean climbing = true;
    private double next;

    /** What is known of a flow. */
    private static final class Bracket {
        private double held;
        private double failed = Double.POSITIVE_INFINITY;
        private int probes;
        private boolean ended;
    }

    Ladder(final double firstRate, final double maxRate, final int probesPerFlow, final Collection<String> flows) {
        this.maxRate = maxRate;
        this.probesPerFlow = probesPerFlow;
        flows.forEach(flow -> this.flows.put(flow, new Bracket()));
        next = flows.isEmpty() ? Double.NaN : Math.min(firstRate, maxRate);
    }

    /** The rate to try next; NaN at the end. */
    double next() {
        return next;
    }

    /** Whether a flow has anything to show at a rate: it is spared those above what it failed. */
    boolean takesPart(final String flow, final double atRate) {
        final Bracket bracket = flows.get(flow);
        return !bracket.ended && atRate < bracket.failed;
    }

    /** A flow can sustain nothing any more. */
    void end(final String flow) {
        flows.get(flow).ended = true;
    }

    /**
     * Takes what came of the rate that was next.
     *
     * @param sustained the flows that did.
     */
    void record(final Set<String> sustained) {
        rate = next;
        boolean repeat = false;
        for (final Map.Entry<String, Bracket> flow : flows.entrySet()) {
            final Bracket bracket = flow.getValue();
            if (!takesPart(flow.getKey(), rate)) {
                continue;
            }
            if (sustained.contains(flow.getKey())) {
                bracket.held = Math.max(bracket.held, rate);
            } else if (bracket.held < rate) {
                if (again) {
                    bracket.failed = rate;
                } else {
                    repeat = true;
                }
            }
        }
        // Those that have failed once, and are tried again, stay open: the repeated step decides.
        again = repeat;
        if (!repeat) {
            next = climbing ? climb() : probe();
        }
    }

    private double climb() {
        final boolean anyHeld = flows.values().stream().anyMatch(bracket -> !bracket.ended && bracket.held >= rate);
        if (anyHeld && rate < maxRate) {
            return Math.min(2 * rate, maxRate);
        }
        climbing = false;
        return probe();
    }

    private double probe() {
        for (final Bracket bracket : flows.values()) {
            if (bracket.ended || Double.isInfinite(bracket.failed)) {
                continue;
            }
            final boolean descends = bracket.held == 0;
            if (bracket.probes < (descends ? MAX_DESCENTS : probesPerFlow)
                && bracket.failed > NARROW * bracket.held) {
                bracket.probes++;
                return (bracket.held + bracket.failed) / 2;
            }
        }
        return Double.NaN;
    }

    /** The highest rate that a flow sustained below the lowest that it did not; 0 for none. */
    double held(final String flow) {
        return flows.get(flow).held;
    }

    /** The lowest rate that a flow did not sustain; infinite for none. */
    double failed(final String flow) {
        return flows.get(flow).failed;
    }
}
