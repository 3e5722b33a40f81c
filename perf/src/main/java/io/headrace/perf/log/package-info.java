/** The event log beside a bare archive, Kafka and Chronicle Queue: recording, replay, and sinks that stall. */
package io.headrace.perf.log;
