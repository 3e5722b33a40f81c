package io.headrace.perf.site;

import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import io.headrace.bus.subscription.Subscription;
import io.headrace.perf.rig.HiccupMeter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The main thread: one service of a site's configuration under the whole ladder. An interrupt ends it; the service is
 * closed in any case.
 */
final class SiteRun {
    private static final double SETTLE_PART = 0.25;
    private static final double GRACE_PART = 0.1;
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long MIN_FREE_BYTES = 1L << 30;
    private static final int PROBES = 3;
    private static final int QUICK_PROBES = 1;
    private static final int MAX_SHOWN_TOPICS = 8;

    private final SiteConfiguration site;
    private final SiteOptions options;
    private final Path workFolder;
    private final Progress progress;
    private final Map<String, List<SyntheticTopic>> topics;
    private final List<FlowMeter> flows = new ArrayList<>();
    private final List<SiteResult.StepHiccups> hiccups = new ArrayList<>();
    private String ended = "";

    /** Hears what happens. */
    @FunctionalInterface
    interface Progress {
        /**
         * Something has happened.
         *
         * @param line for people.
         */
        void line(String line);
    }

    SiteRun(
        final ServiceConfiguration configuration, final SiteOptions options, final Path workFolder,
        final Progress progress) {
        this.options = options;
        this.workFolder = workFolder;
        this.progress = progress;
        topics = SyntheticTopics.of(configuration, options);
        site = SiteConfiguration.of(configuration, topics, options, workFolder);
    }

    /** What is published, by source, shortened. */
    Map<String, List<String>> topicTexts() {
        final Map<String, List<String>> texts = new LinkedHashMap<>();
        topics.forEach((source, own) -> {
            final List<String> shown = new ArrayList<>(own.stream().limit(MAX_SHOWN_TOPICS)
                .map(topic -> topic.topic() + " (" + topic.kind().name().toLowerCase(Locale.ROOT) + ")").toList());
            if (own.size() > MAX_SHOWN_TOPICS) {
                shown.add("and " + (own.size() - MAX_SHOWN_TOPICS) + " more");
            }
            texts.put(source, shown);
        });
        return texts;
    }

    List<String> notes() {
        return site.notes();
    }

    SiteResult run(final ServiceConfiguration original) throws InterruptedException {
        final double percentile = options.percentile();
        final Ladder ladder;
        try (HeadraceService service = new HeadraceService(site.configuration())) {
            service.start();
            meters(service, original);
            ladder = new Ladder(options.rate(), options.maxRate(), options.seconds() < 2 ? QUICK_PROBES : PROBES,
                flows.stream().map(FlowMeter::name).toList());
            try {
                climb(ladder, percentile);
            } finally {
                // Whatever is left would only keep the end waiting.
                flows.forEach(flow -> flow.relieved(true));
                service.stop(Duration.ofSeconds(2));
            }
        }
        return new SiteResult(original.file().toString(), options, topicTexts(), site.notes(),
            flows.stream().map(flow -> FlowResult.of(
                flow.name(), flow.type(), flow.objective(), ladder, flow.steps(), percentile)).toList(),
            hiccups, ended);
    }

    private void meters(final HeadraceService service, final ServiceConfiguration original) {
        for (int i = 0; i < original.sinks().size(); i++) {
            final SinkConfiguration<?> sink = original.sinks().get(i);
            final String running = site.configuration().sinks().get(i).name();
            final Subscription subscription = service.bus().subscriptions().stream()
                .filter(candidate -> candidate.name().equals(running)).findFirst().orElseThrow();
            final List<boolean[]> selected = topics.values().stream().map(own -> {
                final boolean[] chosen = new boolean[own.size()];
                for (int t = 0; t < chosen.length; t++) {
                    chosen[t] = SyntheticTopics.selects(sink.flow().topics(), own.get(t).topic());
                }
                return chosen;
            }).toList();
            final FlowMeter meter = new FlowMeter(sink.name(), sink.type(),
                Objective.of(sink.flow().objective(), options), site.figures().get(i), subscription, selected);
            if (meter.share() > 0) {
                flows.add(meter);
            } else {
                progress.line("Flow " + sink.name() + " gets nothing: its topics are those of no source.");
            }
        }
    }

    private void climb(final Ladder ladder, final double percentile) throws InterruptedException {
        progress.line("Warming up at " + SiteUnits.rate(options.rate()) + " of each source.");
        final List<FlowStep> warm = step(options.rate(), ladder, percentile, false);
        for (int i = 0; i < warm.size(); i++) {
            if (flows.get(i).stopped()) {
                flows.get(i).steps().add(warm.get(i));
                ladder.end(flows.get(i).name());
            }
        }
        for (double rate = ladder.next(); ended.isEmpty() && !Double.isNaN(rate); rate = ladder.next()) {
            if (lowOnDisk()) {
                ended = "less than 1 GiB is free in the folder of the temporary event log";
                return;
            }
            final List<FlowStep> steps = step(rate, ladder, percentile, true);
            if (steps.isEmpty()) {
                return;
            }
            final Set<String> sustained = new HashSet<>();
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < flows.size(); i++) {
                final FlowMeter flow = flows.get(i);
                if (ladder.takesPart(flow.name(), rate)) {
                    report(flow, steps.get(i), percentile, line);
                    if (StepJudge.verdict(steps.get(i), flow.objective()) == Verdict.SUSTAINED) {
                        sustained.add(flow.name());
                    }
                }
            }
            progress.line(SiteUnits.rate(rate) + " of each source: " + line);
            flows.stream().filter(FlowMeter::stopped).forEach(flow -> ladder.end(flow.name()));
            ladder.record(sustained);
        }
    }

    private void report(
        final FlowMeter flow, final FlowStep step, final double percentile, final StringBuilder line) {
        line.append(line.isEmpty() ? "" : "; ").append(flow.name()).append(' ')
            .append(StepJudge.reason(step, flow.objective(), percentile));
        if (StepJudge.verdict(step, flow.objective()) == Verdict.SUSTAINED) {
            line.append(" (p").append(StepJudge.percentileText(percentile)).append(' ')
                .append(SiteUnits.latency(step.judgedNs(Stage.TOTAL))).append(')');
        }
    }

    private boolean lowOnDisk() {
        try {
            return site.configuration().bus().log().isPresent()
                && Files.getFileStore(workFolder).getUsableSpace() < MIN_FREE_BYTES;
        } catch (final IOException e) {
            ended = "the folder of the temporary event log cannot be looked at: " + e.getMessage();
            return true;
        }
    }

    /** One rate: settles, measures, and waits until nothing is on its way any more. Empty when a source got stuck. */
    private List<FlowStep> step(
        final double rate, final Ladder ladder, final double percentile, final boolean kept)
        throws InterruptedException {
        flows.forEach(flow -> flow.relieved(!ladder.takesPart(flow.name(), rate)));
        final long settleNs = (long)(options.seconds() * SETTLE_PART * 1e9);
        final long lengthNs = settleNs + (long)(options.seconds() * 1e9);
        final HiccupMeter meter = new HiccupMeter();
        final List<SyntheticSource.Sent> sent;
        final long beginNs = System.nanoTime() + LEAD_NS;
        try (meter) {
            final List<CompletableFuture<SyntheticSource.Sent>> running = new ArrayList<>();
            for (final SyntheticSourceProvider source : site.sources()) {
                running.add(source.source().step(rate, beginNs, lengthNs, (long)(lengthNs * GRACE_PART)));
            }
            sleepUntil(beginNs + settleNs);
            flows.forEach(FlowMeter::beginMeasured);
            sent = await(running, lengthNs);
        }
        final Map<String, Long> figures = meter.figures();
        hiccups.add(new SiteResult.StepHiccups(
            rate, figures.get("p50") / 1e3, figures.get("p99") / 1e3, figures.get("max") / 1e3));
        final List<FlowStep> steps = new ArrayList<>();
        if (sent.isEmpty()) {
            return steps;
        }
        flows.forEach(flow -> flow.endMeasured(sent));
        final long scheduleEndNs = beginNs + lengthNs;
        final List<Boolean> inTime = awaitFlows(scheduleEndNs, percentile);
        for (int i = 0; i < flows.size(); i++) {
            steps.add(flows.get(i).end(rate, sent, lengthNs, scheduleEndNs, inTime.get(i),
                kept && ladder.takesPart(flows.get(i).name(), rate)));
        }
        return steps;
    }

    private static void sleepUntil(final long atNs) throws InterruptedException {
        final long leftNs = atNs - System.nanoTime();
        if (leftNs > 0) {
            TimeUnit.NANOSECONDS.sleep(leftNs);
        }
    }

    /** Empty when a source did not come to its end. */
    private List<SyntheticSource.Sent> await(
        final List<CompletableFuture<SyntheticSource.Sent>> running, final long lengthNs) throws InterruptedException {
        final List<SyntheticSource.Sent> sent = new ArrayList<>();
        for (final CompletableFuture<SyntheticSource.Sent> source : running) {
            try {
                sent.add(source.get(2 * lengthNs + STUCK_NS, TimeUnit.NANOSECONDS));
            } catch (final ExecutionException e) {
                throw new IllegalStateException("a synthetic source failed: " + e.getCause(), e.getCause());
            } catch (final TimeoutException e) {
                final List<String> troubles = flows.stream().filter(flow -> !flow.trouble().isEmpty())
                    .map(flow -> flow.name() + ": " + flow.trouble()).toList();
                ended = "a source found no room on the ring for 30 s, as a flow stands still"
                    + (troubles.isEmpty() ? "" : " (" + String.join("; ", troubles) + ")");
                // The sinks are passed by at once; the service is closed next.
                flows.forEach(flow -> flow.relieved(true));
                return List.of();
            }
        }
        return sent;
    }

    /** Which flows had everything soon enough; the sinks of the others are passed by until nothing is left. */
    private List<Boolean> awaitFlows(final long scheduleEndNs, final double percentile) throws InterruptedException {
        final Map<FlowMeter, Boolean> inTime = new LinkedHashMap<>();
        while (inTime.size() < flows.size()) {
            for (final FlowMeter flow : flows) {
                final long limitNs = StepJudge.behindLimitNs(options.seconds(), flow.objective());
                final boolean done = flow.isDone();
                if (!inTime.containsKey(flow) && (done || System.nanoTime() - scheduleEndNs > limitNs)) {
                    if (!done) {
                        flow.late();
                    }
                    flow.takeLatencies(percentile);
                    flow.relieved(true);
                    inTime.put(flow, done);
                }
            }
            look();
        }
        final long deadlineNs = System.nanoTime() + STUCK_NS;
        while (!flows.stream().allMatch(FlowMeter::isDone)) {
            if (System.nanoTime() - deadlineNs > 0) {
                ended = "a backlog did not go away within 30 s: " + flows.stream().filter(flow -> !flow.isDone())
                    .map(FlowMeter::name).toList();
                break;
            }
            look();
        }
        return flows.stream().map(inTime::get).toList();
    }

    private static void look() throws InterruptedException {
        LockSupport.parkNanos(LOOK_NS);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
