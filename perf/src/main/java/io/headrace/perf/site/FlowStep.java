package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;

import java.util.Map;

/**
 * Immutable: what one flow did on one step of the ladder.
 *
 * @param sourceRate   events per second that each source was to publish.
 * @param flowRate     of these, events per second for this flow.
 * @param offered      events that were published for it.
 * @param delivered    of these.
 * @param dropped      by its policy.
 * @param setAside     as poison, or parked.
 * @param misplaced    doubled or out of order.
 * @param lost         neither delivered nor dropped nor set aside, when nothing was on its way any more.
 * @param sentPart     of what the schedule wanted.
 * @param behindNs     from the schedule's end until the flow had everything; -1 when it did not within the limit.
 * @param busyPart     of the time, its busiest lane was in its sink.
 * @param roomWaitPart of the time, a source of it waited for room on the ring.
 * @param evictions    from the ring into the log.
 * @param stopped      why the flow stopped for good, or why its sink delivered nothing; empty when it goes on.
 * @param stages       of the events that were finished in the measured part.
 */
public record FlowStep(
    double sourceRate, double flowRate, long offered, long delivered, long dropped, long setAside, long misplaced,
    long lost, double sentPart, long behindNs, double busyPart, double roomWaitPart, long evictions, String stopped,
    Map<Stage, StageFigures> stages) {
    /** Copies the map. */
    public FlowStep {
        stages = Map.copyOf(stages);
    }

    long judgedNs(final Stage stage) {
        final StageFigures figures = stages.get(stage);
        return figures == null ? 0 : figures.judgedNs();
    }
}
