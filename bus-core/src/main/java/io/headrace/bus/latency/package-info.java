/**
 * Along the whole of an event's way: where each microsecond went. Three stages and their sum, for each flow.
 *
 * <pre>
 *   happened ──── source ────▶ on the bus ──── transport ────▶ handed over ──── consumption ────▶ acknowledged
 *      └──────────────────────────────────────── total ─────────────────────────────────────────────┘
 * </pre>
 */
package io.headrace.bus.latency;
