/**
 * No stop on an event's way: benchmarks that time the stops, and the peers that they are compared
 * with.
 */
package io.headrace.perf;
