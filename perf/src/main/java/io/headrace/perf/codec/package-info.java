/** Scenario S12, at the stop where a source encodes a row and a sink reads it: our codec beside others. */
package io.headrace.perf.codec;
