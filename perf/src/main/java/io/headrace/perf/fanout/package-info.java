/** Scenario S2, from publisher to subscriptions: paced fan-out through the bus and through what stands beside it. */
package io.headrace.perf.fanout;
