/** The event log beside a bare archive and Chronicle Queue: recording, replay, and sinks that stall. */
package io.headrace.perf.log;
