/**
 * The stop before the sink: what happens when a sink cannot take a batch. Retriable failures are tried again with
 * growing pauses, a poison event is taken out or stops the flow, a fatal failure stops the flow.
 */
package io.headrace.bus.delivery;
