package io.headrace.perf.site;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the sinks of a flow have done, lane by lane. Lanes are added by the starting thread; any thread may read. */
final class FlowFigures {
    private final List<LaneFigures> lanes = new CopyOnWriteArrayList<>();
    private final boolean ordered;
    private volatile boolean relieved;

    FlowFigures(final boolean ordered) {
        this.ordered = ordered;
    }

    LaneFigures addLane() {
        final LaneFigures lane = new LaneFigures(ordered);
        lanes.add(lane);
        return lane;
    }

    /** Whether its sinks are passed by, so that what they could not keep up with goes away. */
    boolean relieved() {
        return relieved;
    }

    void relieved(final boolean passedBy) {
        relieved = passedBy;
    }

    long deliveredCount() {
        return lanes.stream().mapToLong(LaneFigures::deliveredCount).sum();
    }

    long misplacedCount() {
        return lanes.stream().mapToLong(LaneFigures::misplacedCount).sum();
    }

    /** For each lane. */
    long[] busyNs() {
        return lanes.stream().mapToLong(LaneFigures::busyNs).toArray();
    }
}
