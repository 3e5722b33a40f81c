/**
 * No stop on an event's way: the command that runs the measurements of the stops, beside the peers that they are
 * compared with.
 */
package io.headrace.perf;
