/** Beside every stop of an event's way: shows a running service to a person, as a table, as lines and as JSON. */
package io.headrace.adapters.cli.report;
