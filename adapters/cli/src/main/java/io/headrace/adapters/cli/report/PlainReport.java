package io.headrace.adapters.cli.report;

import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus.FlowStatus;
import io.headrace.bus.service.ServiceStatus.SourceStatus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.subscription.SubscriptionStatus;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Shows a service in plain lines, one for each source and flow, for files and pipes. Safe for any thread; no state. */
final class PlainReport {
    private PlainReport() {
    }

    static List<String> lines(final ServiceStatus status, final StatusChange change, final Instant now) {
        final String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        final List<String> lines = new ArrayList<>();
        status.log().ifPresent(log -> lines.add(time + " log: recorded " + Units.count(log.recordedSequence()) +
            ", lag " + Units.count(log.lagSlots()) + ", size " +
            Units.bytes(log.log().endPosition() - log.log().startPosition()) +
            ", " + StatusTable.name(log.health()) + reason(log.reason())));
        for (final SourceStatus source : status.sources()) {
            lines.add(time + " source " + source.name() + ": " + change.published(source) +
                ", events " + Units.count(source.publishedEvents()) +
                ", " + StatusTable.name(source.health()) + reason(source.reason()));
        }
        for (final FlowStatus flow : status.flows()) {
            lines.add(time + " flow " + flow(flow, change));
        }
        return lines;
    }

    private static String flow(final FlowStatus flow, final StatusChange change) {
        final SubscriptionStatus subscription = flow.subscription();
        final StringBuilder line = new StringBuilder()
            .append(subscription.name()).append(": ").append(change.delivered(subscription))
            .append(", lag ").append(Units.count(subscription.lagSlots()))
            .append(", events ").append(Units.count(subscription.delivered()))
            .append(", dropped ").append(Units.count(subscription.dropped()))
            .append(", ").append(StatusTable.name(subscription.health())).append(reason(subscription.reason()));
        boolean explained = false;
        for (final Stage stage : Stage.values()) {
            final LatencySummary latency = change.latencies(flow).get(stage);
            if (latency != null && latency.count() > 0) {
                line.append(explained ? ", " : "; p50/p99/p99.9/max: ").append(StatusTable.name(stage)).append(' ')
                    .append(Units.latency(latency.p50())).append('/').append(Units.latency(latency.p99()))
                    .append('/').append(Units.latency(latency.p999())).append('/')
                    .append(Units.latency(latency.max()));
                explained = true;
            }
        }
        StatusTable.missedObjectives(flow).forEach(text -> line.append("; ").append(text));
        return line.toString();
    }

    private static String reason(final String reason) {
        return reason.isEmpty() ? "" : " (" + Units.oneLine(reason) + ")";
    }
}
