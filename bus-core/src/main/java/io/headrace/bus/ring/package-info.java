/**
 * The third stop on an event's way: the ring, where it stands in its place in the total order until every gating
 * reader has passed it.
 *
 * <pre>
 *              claim n slots          commit                          poll, then move the gate
 *   publisher ───────────────▶ ring ───────────▶ (visible) ◀──────────────────────────── reader
 *       ▲                                                                                  │
 *       └───────────────── no room before the slowest gate has moved ◀─────────────────────┘
 *
 *   arena   │ slot 0 │ slot 1 │ slot 2 │ … │ slot capacity-1 │ overhang │
 *           │ frame header, event ──────▶ │                  │ an event that begins in one of the last
 *           │ (as many slots as it needs) │                  │ slots runs on into the overhang
 * </pre>
 */
package io.headrace.bus.ring;
