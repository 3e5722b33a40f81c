package io.headrace.adapters.demo;

import io.headrace.adapters.demo.DemoResult.KillResult;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.link.BusRole;
import io.headrace.bus.service.ServiceStatus;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A service in a process of its own, which may be killed again and again while the loads go on, and is started again at
 * once. Owned by the thread that runs the demonstration; {@link #status()} and {@link #abandon()} are for any.
 *
 * <p>Nothing is asked of the process before it is killed but its latencies; what it recorded between the answer and the
 * kill is missing from them.
 */
final class ChildService implements DemoService {
    private static final Logger LOG = LoggerFactory.getLogger(ChildService.class);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(15);
    private static final String FOLLOWING = "following";
    private static final ServiceStatus NOT_YET = new ServiceStatus(
        "demo", ServiceStatus.State.NEW, Instant.EPOCH, Duration.ZERO, -1, Optional.empty(), List.of(),
        List.of());

    private final ServiceLauncher launcher;
    private final String name;
    private final Path configuration;
    private final List<String> jvmOptions;
    private final Path outputFile;
    private final Optional<KillSchedule> schedule;
    private final FlowHistograms earlierLives = new FlowHistograms();
    private Map<String, Map<Stage, Histogram>> thisLife = Map.of();
    private final List<KillResult> kills = new ArrayList<>();
    private final List<String> news = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private ServiceLife life;
    private boolean abandoned;
    private boolean stopped;
    private boolean killing;
    private boolean running;
    private long killsBeganNs;
    private long nextKillNs;
    private long lastKillNs;
    private long lastAnswerNs;
    private volatile ServiceStatus status = NOT_YET;

    /** One that is called by a name; it is not killed without a schedule. */
    ChildService(
        final ServiceLauncher launcher, final String name, final Path configuration, final List<String> jvmOptions,
        final Path outputFile, final Optional<KillSchedule> schedule) {
        this.launcher = launcher;
        this.name = name;
        this.configuration = configuration;
        this.jvmOptions = List.copyOf(jvmOptions);
        this.outputFile = outputFile;
        this.schedule = schedule;
    }

    @Override
    public synchronized void start() throws IOException {
        if (!abandoned) {
            running = false;
            lastAnswerNs = System.nanoTime();
            life = new ServiceLife(launcher, name, configuration, jvmOptions, outputFile);
        }
    }

    @Override
    public void tend() throws IOException, InterruptedException {
        if (!failures.isEmpty()) {
            return;
        }
        if (!life.alive()) {
            // Nobody asked it to: a fault, and no kill of ours.
            failures.add(life.epitaph());
            return;
        }
        look();
        if (killing && System.nanoTime() - nextKillNs >= 0) {
            kill();
        }
    }

    private void look() throws InterruptedException {
        final Optional<URI> control = life.control();
        final long nowNs = System.nanoTime();
        if (control.isPresent()) {
            try {
                status = launcher.status(control.get());
                lastAnswerNs = nowNs;
                if (!running && isRunning(status)) {
                    running = true;
                    noteRecovery(System.nanoTime());
                }
            } catch (final IOException e) {
                LOG.debug("The process of {} did not answer", name, e);
            }
        }
        if (nowNs - lastAnswerNs > ANSWER_TIMEOUT.toNanos()) {
            failures.add(name + "'s process has not answered for " + ANSWER_TIMEOUT.toSeconds() + " s");
        }
    }

    private static boolean isRunning(final ServiceStatus status) {
        if (status.replication().role() == BusRole.REPLICA) {
            return status.state() == ServiceStatus.State.RUNNING && FOLLOWING.equals(status.replication().state());
        }
        return status.state() == ServiceStatus.State.RUNNING
            && status.sources().stream().allMatch(source -> source.health() == Health.State.UP);
    }

    private void noteRecovery(final long nowNs) {
        if (kills.isEmpty()) {
            return;
        }
        final KillResult last = kills.remove(kills.size() - 1);
        final long recoveryNs = nowNs - lastKillNs;
        kills.add(new KillResult(last.atNs(), last.aliveNs(), OptionalLong.of(recoveryNs)));
        news.add("restart " + kills.size() + ": " + name + " is running again "
            + TimeUnit.NANOSECONDS.toMillis(recoveryNs) + " ms after the kill");
    }

    private void kill() throws IOException, InterruptedException {
        lookAtLatencies();
        life.kill();
        lastKillNs = System.nanoTime();
        final long aliveNs = lastKillNs - life.startedNs();
        kills.add(new KillResult(lastKillNs - killsBeganNs, aliveNs, OptionalLong.empty()));
        news.add("restart " + kills.size() + ": " + name + " was killed (SIGKILL) "
            + TimeUnit.NANOSECONDS.toMillis(aliveNs) + " ms after its start");
        earlierLives.add(thisLife);
        thisLife = Map.of();
        life.awaitEnd();
        start();
        nextKillNs = lastKillNs + schedule.orElseThrow().nextDelayNs();
    }

    /** One that does not answer has those of its last answer. */
    private void lookAtLatencies() throws InterruptedException {
        final Optional<URI> control = life.control();
        if (stopped || control.isEmpty()) {
            return;
        }
        try {
            thisLife = launcher.latencies(control.get());
        } catch (final IOException e) {
            LOG.warn("The process of {} did not tell its latencies: {}", name, e.toString());
        }
    }

    @Override
    public void beginKills() {
        killsBeganNs = System.nanoTime();
        schedule.ifPresent(times -> nextKillNs = killsBeganNs + times.nextDelayNs());
        killing = schedule.isPresent();
    }

    @Override
    public void endKills() {
        killing = false;
    }

    @Override
    public ServiceStatus status() {
        return status;
    }

    @Override
    public Map<String, Map<Stage, Histogram>> latencies() throws InterruptedException {
        final FlowHistograms all = new FlowHistograms();
        lookAtLatencies();
        all.add(earlierLives.copies());
        all.add(thisLife);
        return all.copies();
    }

    @Override
    public List<KillResult> kills() {
        return List.copyOf(kills);
    }

    @Override
    public List<String> takeNews() {
        final List<String> taken = List.copyOf(news);
        news.clear();
        return taken;
    }

    @Override
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public boolean stop(final Duration timeout) throws InterruptedException {
        if (stopped || life == null) {
            return true;
        }
        if (!life.alive()) {
            stopped = true;
            return false;
        }
        lookAtLatencies();
        stopped = true;
        final int exitCode = life.terminate(timeout.plus(EXIT_TIMEOUT));
        if (exitCode != 0) {
            failures.add(name + " ended with exit code " + exitCode + " when it was asked to stop: see "
                + outputFile.getFileName());
        }
        return exitCode == 0;
    }

    @Override
    public synchronized void abandon() {
        abandoned = true;
        if (life != null) {
            life.kill();
        }
    }

    @Override
    public void close() {
        abandon();
        if (life != null) {
            try {
                life.awaitEnd();
            } catch (final IOException e) {
                LOG.error("{} was not stopped", name, e);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
