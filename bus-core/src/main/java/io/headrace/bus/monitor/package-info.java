/** Beside every stop of an event's way: counters and health, by which a person sees how each part is. */
package io.headrace.bus.monitor;
