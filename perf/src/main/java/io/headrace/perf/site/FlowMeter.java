package io.headrace.perf.site;

import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionStatus;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The main thread: measures one flow, step by step. */
final class FlowMeter {
    private final String name;
    private final String type;
    private final Objective objective;
    private final FlowFigures figures;
    private final Subscription subscription;
    /** For each source, which of its topics come to this flow. */
    private final List<boolean[]> selected;
    private final List<FlowStep> steps = new ArrayList<>();
    private long offeredBefore;
    private long deliveredBefore;
    private long misplacedBefore;
    private SubscriptionStatus statusBefore;
    private Map<Stage, Histogram> latencyBefore;
    private long[] busyBefore;
    private long measuredFromNs;
    private long measuredToNs;
    private long doneAtNs;
    private long offered;
    private double busyPart;
    private String down = "";
    private Map<Stage, StageFigures> stages = Map.of();

    FlowMeter(
        final String name, final String type, final Objective objective, final FlowFigures figures,
        final Subscription subscription, final List<boolean[]> selected) {
        this.name = name;
        this.type = type;
        this.objective = objective;
        this.figures = figures;
        this.subscription = subscription;
        this.selected = selected;
        statusBefore = subscription.status();
    }

    String name() {
        return name;
    }

    String type() {
        return type;
    }

    Objective objective() {
        return objective;
    }

    List<FlowStep> steps() {
        return steps;
    }

    void relieved(final boolean passedBy) {
        figures.relieved(passedBy);
    }

    /** Whether it stopped for good, or its sink delivered nothing in a whole step and says that it cannot. */
    boolean stopped() {
        return subscription.stopped() || !down.isEmpty();
    }

    /** Why its sink cannot deliver at this moment; empty when it can. */
    String trouble() {
        final SubscriptionStatus status = subscription.status();
        return status.health() == Health.State.DOWN ? status.reason() : "";
    }

    /** Whether anything of a source comes to it. */
    boolean takesFrom(final int source) {
        for (final boolean topic : selected.get(source)) {
            if (topic) {
                return true;
            }
        }
        return false;
    }

    /** Which part of what the sources publish is for this flow, added up over the sources. */
    double share() {
        double share = 0;
        for (final boolean[] topics : selected) {
            int count = 0;
            for (final boolean topic : topics) {
                count += topic ? 1 : 0;
            }
            share += (double)count / topics.length;
        }
        return share;
    }

    /** The measured part begins. */
    void beginMeasured() {
        latencyBefore = subscription.latency().whole();
        busyBefore = figures.busyNs();
        measuredFromNs = System.nanoTime();
        doneAtNs = 0;
    }

    /** The schedule has ended. */
    void endMeasured(final List<SyntheticSource.Sent> sent) {
        measuredToNs = System.nanoTime();
        long total = 0;
        for (int source = 0; source < selected.size(); source++) {
            for (int topic = 0; topic < selected.get(source).length; topic++) {
                total += selected.get(source)[topic] ? sent.get(source).sentByTopic()[topic] : 0;
            }
        }
        offered = total - offeredBefore;
        offeredBefore = total;
        final long[] busy = figures.busyNs();
        busyPart = 0;
        for (int lane = 0; lane < busy.length; lane++) {
            busyPart = Math.max(
                busyPart, (double)(busy[lane] - busyBefore[lane]) / Math.max(1, measuredToNs - measuredFromNs));
        }
        busyPart = Math.min(1, busyPart);
    }

    /** Whether nothing of the step is on its way any more; it remembers since when. */
    boolean isDone() {
        if (doneAtNs == 0 && (stopped() || missing(subscription.status()) <= 0)) {
            doneAtNs = System.nanoTime();
        }
        return doneAtNs != 0;
    }

    private long missing(final SubscriptionStatus status) {
        return offered - (figures.deliveredCount() - deliveredBefore) - (status.dropped() - statusBefore.dropped())
            - setAside(status) + setAside(statusBefore);
    }

    private static long setAside(final SubscriptionStatus status) {
        return status.poison() + status.parked();
    }

    /** It has not had everything in time. One that delivered something is only slow, whatever its sink says. */
    void late() {
        if (figures.deliveredCount() == deliveredBefore) {
            down = trouble();
        }
    }

    /** What was finished until now counts: from here on the sinks may be passed by. */
    void takeLatencies(final double percentile) {
        final Map<Stage, Histogram> latency = subscription.latency().whole();
        final Map<Stage, StageFigures> taken = new EnumMap<>(Stage.class);
        latency.forEach((stage, histogram) -> {
            histogram.subtract(latencyBefore.get(stage));
            taken.put(stage, StageFigures.of(histogram, percentile));
        });
        stages = taken;
    }

    /** Ends the step; it is kept where it counts. */
    FlowStep end(
        final double sourceRate, final List<SyntheticSource.Sent> sent, final double stepNs, final long scheduleEndNs,
        final boolean inTime, final boolean kept) {
        double sentPart = 1;
        double roomWaitPart = 0;
        for (int source = 0; source < selected.size(); source++) {
            if (takesFrom(source)) {
                sentPart = Math.min(sentPart, (double)sent.get(source).sent() / sent.get(source).scheduled());
                roomWaitPart = Math.max(roomWaitPart, sent.get(source).waitedNs() / stepNs);
            }
        }
        final SubscriptionStatus status = subscription.status();
        final FlowStep step = new FlowStep(
            sourceRate, sourceRate * share(), offered, figures.deliveredCount() - deliveredBefore,
            status.dropped() - statusBefore.dropped(), setAside(status) - setAside(statusBefore),
            figures.misplacedCount() - misplacedBefore, stopped() || doneAtNs == 0 ? 0 : Math.abs(missing(status)),
            sentPart,
            inTime ? Math.max(0, doneAtNs - scheduleEndNs) : -1, busyPart, Math.min(1, roomWaitPart),
            status.evictions() - statusBefore.evictions(), subscription.stopped() ? status.reason() : down, stages);
        deliveredBefore = figures.deliveredCount();
        misplacedBefore = figures.misplacedCount();
        statusBefore = status;
        if (kept) {
            steps.add(step);
        }
        return step;
    }
}
