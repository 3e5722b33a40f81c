package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable: what was found about a flow.
 *
 * @param flow          name in the configuration.
 * @param type          of its sink.
 * @param objective     that it was held to.
 * @param heldRate      the highest rate that it sustained, in events of its own per second; 0 for none.
 * @param heldSource    the same, in events per second of each source.
 * @param failedRate    the lowest rate that it did not sustain; 0 for none.
 * @param failedSource  the same, in events per second of each source.
 * @param verdict       on the failed rate; sustained where there is none.
 * @param reason        for people.
 * @param gaveWay       which stage did; null where there is no failed rate.
 * @param lost          events of the whole run that were lost, doubled or out of order.
 * @param stopped       why it stopped for good, or why its sink delivered nothing; empty when it goes on.
 * @param steps         of the ladder, in their order.
 */
public record FlowResult(
    String flow, String type, Objective objective, double heldRate, double heldSource, double failedRate,
    double failedSource, Verdict verdict, String reason, GaveWay gaveWay, long lost, String stopped,
    List<FlowStep> steps) {
    /** Copies the list. */
    public FlowResult {
        steps = List.copyOf(steps);
    }

    /** {@return whether events were lost, or the flow stopped} */
    public boolean broken() {
        return lost > 0 || !stopped.isEmpty();
    }

    static FlowResult of(
        final String flow, final String type, final Objective objective, final Ladder ladder,
        final List<FlowStep> steps, final double percentile) {
        final double heldSource = ladder.held(flow);
        final FlowStep held = steps.stream().filter(step -> step.sourceRate() == heldSource)
            .filter(step -> StepJudge.verdict(step, objective) == Verdict.SUSTAINED).findFirst().orElse(null);
        final long lost = steps.stream().mapToLong(step -> step.lost() + step.misplaced()).sum();
        final String stopped = steps.stream().map(FlowStep::stopped).filter(text -> !text.isEmpty()).findFirst()
            .orElse("");
        final FlowStep failed = steps.stream()
            .filter(step -> step.sourceRate() == ladder.failed(flow) || !step.stopped().isEmpty())
            .filter(step -> StepJudge.verdict(step, objective) != Verdict.SUSTAINED)
            .reduce((first, second) -> second).orElse(null);
        return new FlowResult(flow, type, objective, held == null ? 0 : held.flowRate(), heldSource,
            failed == null ? 0 : failed.flowRate(), failed == null ? 0 : failed.sourceRate(),
            failed == null ? Verdict.SUSTAINED : StepJudge.verdict(failed, objective),
            failed == null ? "not reached" : StepJudge.reason(failed, objective, percentile),
            failed == null || !failed.stopped().isEmpty() ? null : StepJudge.gaveWay(held, failed), lost, stopped,
            steps);
    }

    /** {@return the objectives, for people} */
    public String objectiveText() {
        final StringBuilder text = new StringBuilder();
        for (final Stage stage : Stage.values()) {
            final Map<Stage, Long> limits = objective.limitsNs();
            if (limits.containsKey(stage)) {
                text.append(text.isEmpty() ? "" : ", ").append(stage.name().toLowerCase(Locale.ROOT)).append(' ')
                    .append(SiteUnits.latency(limits.get(stage)));
            }
        }
        return text.toString();
    }
}
