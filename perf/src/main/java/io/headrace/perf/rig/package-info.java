/**
 * Beside an event's way: the rig that every measurement uses. It sends on an open-loop schedule, numbers and checks
 * each event, runs the arms of a comparison in pairs and in fresh JVMs, and judges their ratios beside a control.
 */
package io.headrace.perf.rig;
