package io.headrace.perf.site;

import java.util.List;
import java.util.Map;

/**
 * Immutable: what was found about a site.
 *
 * @param file      its configuration.
 * @param options   of the run.
 * @param topics    of each source, with a few words on what was published under them.
 * @param notes     what differed from the site's own.
 * @param flows     in the order of the configuration, without those to which nothing came.
 * @param hiccupsUs of the machine, for each step.
 * @param ended     why the ladder ended early; empty when it did not.
 */
public record SiteResult(
    String file, SiteOptions options, Map<String, List<String>> topics, List<String> notes, List<FlowResult> flows,
    List<StepHiccups> hiccupsUs, String ended) {
    /** Copies the lists. */
    public SiteResult {
        notes = List.copyOf(notes);
        flows = List.copyOf(flows);
        hiccupsUs = List.copyOf(hiccupsUs);
    }

    /** {@return whether a flow lost events or stopped, or the measurement could not go on} */
    boolean broken() {
        return !ended.isEmpty() || flows.stream().anyMatch(FlowResult::broken);
    }

    /**
     * Immutable: what the machine did to a sleeping thread during a step, in microseconds.
     *
     * @param sourceRate of the step.
     * @param p50        of the hiccups.
     * @param p99        of the hiccups.
     * @param max        of the hiccups.
     */
    public record StepHiccups(double sourceRate, double p50, double p99, double max) {
    }
}
