package io.headrace.bus.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of a request to replay or to drop parked events.
 *
 * @param replayed  events that the sink has taken now, those among them that were only held back behind others.
 * @param dropped   events given up.
 * @param remaining events that were meant and are parked still.
 * @param problems  why, for the first of them.
 */
public record ParkingOutcome(int replayed, int dropped, int remaining, List<String> problems) {
    private static final int MAX_PROBLEMS = 20;

    /** Copies the list. */
    public ParkingOutcome {
        problems = List.copyOf(problems);
    }

    static ParkingOutcome none() {
        return new ParkingOutcome(0, 0, 0, List.of());
    }

    ParkingOutcome plus(final ParkingOutcome other) {
        final List<String> both = new ArrayList<>(problems);
        other.problems.stream().limit(Math.max(0, MAX_PROBLEMS - both.size())).forEach(both::add);
        return new ParkingOutcome(
            replayed + other.replayed, dropped + other.dropped, remaining + other.remaining, both);
    }

    ParkingOutcome plusReplayed() {
        return new ParkingOutcome(replayed + 1, dropped, remaining, problems);
    }

    ParkingOutcome plusDropped() {
        return new ParkingOutcome(replayed, dropped + 1, remaining, problems);
    }

    ParkingOutcome plusRemaining(final String problem) {
        return plus(new ParkingOutcome(0, 0, 1, List.of(problem)));
    }
}
