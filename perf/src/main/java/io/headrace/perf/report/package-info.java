/** What every measurement needs: its arguments, the ratios of its pairs, the machine's hiccups, and its report. */
package io.headrace.perf.report;
