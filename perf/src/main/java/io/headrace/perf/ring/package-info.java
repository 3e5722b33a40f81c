/** Scenario S1, at the stop of the ring: claim, commit and poll, beside other ways of handing events over. */
package io.headrace.perf.ring;
