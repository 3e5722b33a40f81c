package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;

/**
 * Immutable: where a flow reached its limit.
 *
 * @param stage    that cannot take more.
 * @param grewMost the stage whose percentile grew the most from the last step sustained to the first one that was not.
 * @param growthNs by how much.
 * @param why      in a few words.
 */
public record GaveWay(Stage stage, Stage grewMost, long growthNs, String why) {
}
