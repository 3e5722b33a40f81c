/**
 * The first and the last stop on an event's way: what a source and a sink are, what the bus hands to them, and how
 * they say what they can do and what went wrong. Nothing here knows who implements it; {@link java.util.ServiceLoader}
 * finds the providers.
 */
package io.headrace.bus.adapter;
