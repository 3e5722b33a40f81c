/**
 * The fourth stop on an event's way: who reads it, and how far each has come.
 *
 * <pre>
 *   direct     ring ──▶ handler, in place             the gate is the position: a slow handler holds publishers back
 *
 *   buffered   ring ──▶ batch ──▶ sink                the gate moves as soon as the batch is copied, the position
 *               └ gate ┘   └ position ┘               when the sink is done; one thread, batch and sink for each lane
 * </pre>
 */
package io.headrace.bus.subscription;
