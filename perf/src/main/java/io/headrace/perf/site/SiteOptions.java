package io.headrace.perf.site;

import java.util.List;

/**
 * Immutable: how a site is measured.
 *
 * @param rate            of each source on the first step, in events per second.
 * @param maxRate         that the ladder does not pass.
 * @param seconds         of the measured part of each step.
 * @param payloadBytes    of the text of a row, or of a document.
 * @param keyCount        of each topic.
 * @param transactionRows in each transaction of a source of rows.
 * @param topics          instead of those that the configuration tells; empty for these.
 * @param objectiveNs     for the total of all flows, instead of what they declare; 0 for none.
 * @param percentile      that the objectives are about.
 * @param realSinks       whether events go into the sinks of the configuration.
 */
public record SiteOptions(
    long rate, long maxRate, double seconds, int payloadBytes, int keyCount, int transactionRows, List<String> topics,
    long objectiveNs, double percentile, boolean realSinks) {
    /** For flows that declare no total, in milliseconds. */
    public static final long DEFAULT_OBJECTIVE_MS = 100;

    /** Copies the list. */
    public SiteOptions {
        topics = List.copyOf(topics);
    }
}
