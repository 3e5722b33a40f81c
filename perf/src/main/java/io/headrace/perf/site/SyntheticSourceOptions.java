package io.headrace.perf.site;

import java.util.List;

/**
 * Immutable: what a synthetic source publishes. The ladder makes it; no configuration names it.
 *
 * @param topics          of the source.
 * @param payloadBytes    of each event, where its kind has any.
 * @param keyCount        of each topic that does not say its key.
 * @param transactionRows in each transaction.
 */
record SyntheticSourceOptions(List<SyntheticTopic> topics, int payloadBytes, int keyCount, int transactionRows) {
}
