/** Measures the ring: claim, commit and poll, beside the bare Disruptor. */
package io.headrace.perf.ring;
