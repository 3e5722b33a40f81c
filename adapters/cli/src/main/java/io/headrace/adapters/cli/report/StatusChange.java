package io.headrace.adapters.cli.report;

import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What happened between two looks at a service, or since its start. Immutable. */
final class StatusChange {
    private final boolean whole;
    private final long spanNs;
    private final Map<String, Long> publishedBefore = new HashMap<>();
    private final Map<String, Long> deliveredBefore = new HashMap<>();

    private StatusChange(final boolean whole, final Duration span) {
        this.whole = whole;
        this.spanNs = span.toNanos();
    }

    static StatusChange sinceStart(final ServiceStatus now) {
        return new StatusChange(true, now.uptime());
    }

    /** What happened since the look before; since the start, where the service was started again meanwhile. */
    static StatusChange between(final ServiceStatus before, final ServiceStatus now) {
        if (!before.startedAt().equals(now.startedAt())) {
            return new StatusChange(false, now.uptime());
        }
        final StatusChange change = new StatusChange(false, now.uptime().minus(before.uptime()));
        before.sources().forEach(source -> change.publishedBefore.put(source.name(), source.publishedEvents()));
        before.flows().forEach(flow ->
            change.deliveredBefore.put(flow.subscription().name(), flow.subscription().delivered()));
        return change;
    }

    String published(final SourceStatus source) {
        return Units.rate(source.publishedEvents() - publishedBefore.getOrDefault(source.name(), 0L), spanNs);
    }

    String delivered(final SubscriptionStatus subscription) {
        return Units.rate(subscription.delivered() - deliveredBefore.getOrDefault(subscription.name(), 0L), spanNs);
    }

    Map<Stage, LatencySummary> latencies(final FlowStatus flow) {
        return whole ? flow.whole() : flow.interval();
    }
}
