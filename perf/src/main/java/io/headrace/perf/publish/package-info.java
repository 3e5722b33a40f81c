/** Benchmarks at the stop of publishing: what is done to an event before it is in the ring. */
package io.headrace.perf.publish;
