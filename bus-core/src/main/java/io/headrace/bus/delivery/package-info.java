/**
 * The stop before the sink: what happens when a sink cannot take a batch. Retriable failures are tried again with
 * growing pauses, and many of them in a row open the circuit breaker; a poison event is taken out, parked or stops
 * the flow; a fatal failure stops the flow.
 *
 * <pre>
 *   lane ──batch──▶ Delivery ──▶ FlowBreaker ──▶ sink
 *                      │ ▲
 *               poison │ │ replay
 *                      ▼ │
 *                  ParkingLot ◀──▶ event log (EventParked, ParkedResolved)
 * </pre>
 */
package io.headrace.bus.delivery;
