/**
 * Beside the ring, the first of its readers: the event log, from which everything that must survive comes back after a
 * crash. The port that stores it, and what bus-core writes into it and makes of it.
 *
 * <pre>
 *   ring ──▶ recorder (log thread) ──append──▶ event log ──▶ recorded sequence ──▶ subscriptions, sources
 *                                                 │
 *                                                 └──read──▶ evicted subscriptions, replays, recovery
 * </pre>
 */
package io.headrace.bus.log;
