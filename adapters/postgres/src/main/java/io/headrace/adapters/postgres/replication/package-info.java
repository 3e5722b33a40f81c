/**
 * First stop of a row change, the outer half: the connections to PostgreSQL, and what keeps them going.
 *
 * <pre>
 *  SourceConductor (thread of the source)
 *    ├─ Publications, Slots     what must be there before the stream begins
 *    ├─ Snapshot                the present rows, by COPY under the slot's snapshot
 *    ├─ StreamPoller            waits for messages, sends the status that wakes a sleeping server process
 *    │     └─▶ pgoutput.PgOutputDecoder ─▶ bus
 *    └─ Confirmations           what the bus has finished, and so may be confirmed to the slot
 *  SlotMonitor (thread of its own)   lag and retained log of the slot, heartbeats
 * </pre>
 */
package io.headrace.adapters.postgres.replication;
