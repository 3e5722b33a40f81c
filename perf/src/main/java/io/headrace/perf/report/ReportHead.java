package io.headrace.perf.report;

import java.util.Map;

/**
 * Immutable: what stands above a report's results.
 *
 * @param command     that was given.
 * @param questions   of the scenarios, by their names.
 * @param environment that was found.
 * @param floors      of the machine.
 * @param machine     and settings in a few words, for the charts.
 */
public record ReportHead(
    String command, Map<String, String> questions, Map<String, Object> environment,
    Map<String, Map<String, Double>> floors, String machine) {
}
