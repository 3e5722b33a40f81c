/**
 * Beside every stop of an event's way: the control endpoint, by which a command reaches a running service, and the
 * client that the commands use. A tail is a subscription like any other, and the last stop of a copy of the events.
 */
package io.headrace.adapters.cli.control;
