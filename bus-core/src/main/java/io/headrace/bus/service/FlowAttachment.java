package io.headrace.bus.service;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.latency.LatencySummary;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.service.config.FlowOptions.ObjectiveOptions;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.subscription.Subscription;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow: a sink, its subscription and its latency. Made and closed by the service's thread; sampled by the service's
 * reporting thread; its status is for any thread.
 */
final class FlowAttachment {
    private final SinkConfiguration<?> configuration;
    private final Bus bus;
    private final HealthIndicator health;
    private final Subscription subscription;
    private volatile Map<Stage, LatencySummary> interval = new EnumMap<>(Stage.class);
    private volatile Map<Stage, LatencySummary> whole = new EnumMap<>(Stage.class);

    private final class LaneContext implements SinkContext {
        private final int lane;

        LaneContext(final int lane) {
            this.lane = lane;
        }

        @Override
        public int lane() {
            return lane;
        }

        @Override
        public int laneCount() {
            return configuration.flow().lanes();
        }

        @Override
        public String name() {
            return configuration.name();
        }

        @Override
        public EpochHistory epochs() {
            return bus.epochs();
        }

        @Override
        public EpochNanoClock epochClock() {
            return bus.context().epochClock();
        }

        @Override
        public NanoClock nanoClock() {
            return bus.context().nanoClock();
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter(counterPrefix() + counterName);
        }
    }

    /** Subscribes the sink: its lanes run from now on. */
    FlowAttachment(final SinkConfiguration<?> configuration, final Bus bus) {
        this.configuration = configuration;
        this.bus = bus;
        health = new HealthIndicator("flow " + configuration.name());
        subscription = bus.subscribe(
            configuration.subscriptionContext(), health, lane -> configuration.createSink(new LaneContext(lane)));
    }

    private String counterPrefix() {
        return "sink." + configuration.name() + ".";
    }

    /** Takes the latencies recorded since the last call. Called by the reporting thread. */
    Map<Stage, Histogram> sample() {
        final Map<Stage, Histogram> histograms = subscription.latency().takeInterval();
        interval = summaries(histograms);
        if (whole.isEmpty() || histograms.values().stream().anyMatch(histogram -> histogram.getTotalCount() > 0)) {
            whole = summaries(subscription.latency().whole());
        }
        return histograms;
    }

    String name() {
        return configuration.name();
    }

    boolean stoppedByFailure() {
        return health.state() == Health.State.FAILED;
    }

    private static Map<Stage, LatencySummary> summaries(final Map<Stage, Histogram> histograms) {
        final Map<Stage, LatencySummary> summaries = new EnumMap<>(Stage.class);
        histograms.forEach((stage, histogram) -> summaries.put(stage, LatencySummary.of(histogram)));
        return summaries;
    }

    ServiceStatus.FlowStatus status(final Map<String, Long> allCounters) {
        return new ServiceStatus.FlowStatus(
            subscription.status(), configuration.type(), interval, whole, objectives(),
            HeadraceService.withPrefix(allCounters, counterPrefix()));
    }

    private List<ServiceStatus.ObjectiveStatus> objectives() {
        final ObjectiveOptions declared = configuration.flow().objective();
        final List<ServiceStatus.ObjectiveStatus> objectives = new ArrayList<>();
        addObjective(objectives, Stage.SOURCE, declared.sourceP99());
        addObjective(objectives, Stage.TRANSPORT, declared.transportP99());
        addObjective(objectives, Stage.CONSUMPTION, declared.consumptionP99());
        addObjective(objectives, Stage.TOTAL, declared.totalP99());
        return objectives;
    }

    private void addObjective(
        final List<ServiceStatus.ObjectiveStatus> objectives, final Stage stage, final Optional<Duration> limit) {
        final LatencySummary observed = interval.get(stage);
        limit.ifPresent(duration -> objectives.add(new ServiceStatus.ObjectiveStatus(
            stage, duration.toNanos(), observed == null ? 0 : observed.p99())));
    }
}
