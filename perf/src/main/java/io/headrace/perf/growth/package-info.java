/** Scenario S13: how cost grows with subscriptions, topics, payloads and the event log. */
package io.headrace.perf.growth;
