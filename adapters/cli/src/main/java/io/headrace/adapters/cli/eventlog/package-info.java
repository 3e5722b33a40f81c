/**
 * Beside an event's way, where it has been: what the commands make of the files of an event log, of a running service
 * and of one that stands still.
 */
package io.headrace.adapters.cli.eventlog;
