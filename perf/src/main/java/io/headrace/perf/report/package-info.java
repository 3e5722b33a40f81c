/** Behind an event's way: what a run has found, as files, tables, plots and one page. */
package io.headrace.perf.report;
