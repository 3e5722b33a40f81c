package io.headrace.adapters.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the demonstration is to do. Immutable.
 *
 * @param duration              how long the loads run; between a second and an hour.
 * @param transactionsPerSecond that the ERP commits or rolls back.
 * @param readingsPerSecond     that all simulated machines send together.
 * @param faultsPerSecond       that all simulated machines report together.
 * @param seed                  of everything that is drawn at random.
 * @param report                where to write the report, a JSON file.
 * @param keep                  a folder, empty or missing, for the configuration and the files that the flows wrote;
 *                              without it they go into a temporary one that is removed.
 * @param killEvery             about how often to kill the service while the loads go on, between a second and the
 *                              duration; without it, it is not killed.
 * @param replicas              how many replicas follow the service, and over what network.
 */
public record DemoOptions(
    Duration duration,
    int transactionsPerSecond,
    int readingsPerSecond,
    int faultsPerSecond,
    long seed,
    Optional<Path> report,
    Optional<Path> keep,
    Optional<Duration> killEvery,
    Replicas replicas) {
    /** The usual duration. */
    public static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);
    /** The usual rate of transactions. */
    public static final int DEFAULT_TRANSACTIONS_PER_SECOND = 200;
    /** The usual rate of readings. */
    public static final int DEFAULT_READINGS_PER_SECOND = 500;
    /** The usual rate of faults. */
    public static final int DEFAULT_FAULTS_PER_SECOND = 5;

    private static final Duration MIN_DURATION = Duration.ofSeconds(1);
    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final Duration MAX_WARM_UP = Duration.ofSeconds(3);
    private static final int WARM_UP_PART = 5;
    private static final int MAX_PER_SECOND = 100_000;

    /** Checks the bounds. */
    public DemoOptions {
        if (duration.compareTo(MIN_DURATION) < 0 || duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("duration=" + duration + " is not between 1s and 1h");
        }
        checkRate("transactionsPerSecond", transactionsPerSecond);
        checkRate("readingsPerSecond", readingsPerSecond);
        checkRate("faultsPerSecond", faultsPerSecond);
        if (killEvery.isPresent()
            && (killEvery.get().compareTo(MIN_DURATION) < 0 || killEvery.get().compareTo(duration) > 0)) {
            throw new IllegalArgumentException(
                "killEvery=" + killEvery.get() + " is not between 1s and the duration, " + duration);
        }
    }

    /**
     * Replicas, each a process with targets of its own.
     *
     * @param count       at most 8.
     * @param lossPercent of the packets between the processes, at most 50: dropped at random by those who receive them.
     */
    public record Replicas(int count, double lossPercent) {
        /** None. */
        public static final Replicas NONE = new Replicas(0, 0);
        private static final int MAX_COUNT = 8;
        private static final double MAX_LOSS_PERCENT = 50;

        /** Checks the bounds. */
        public Replicas {
            if (count < 0 || count > MAX_COUNT) {
                throw new IllegalArgumentException("replicas=" + count + " is not between 0 and " + MAX_COUNT);
            }
            if (!(lossPercent >= 0 && lossPercent <= MAX_LOSS_PERCENT)) {
                throw new IllegalArgumentException(
                    "loss=" + lossPercent + " is not between 0 and " + MAX_LOSS_PERCENT + " percent");
            }
            if (count == 0 && lossPercent > 0) {
                throw new IllegalArgumentException("loss=" + lossPercent + " without replicas: nothing can be lost");
            }
        }
    }

    private static void checkRate(final String name, final int ratePerSecond) {
        if (ratePerSecond < 1 || ratePerSecond > MAX_PER_SECOND) {
            throw new IllegalArgumentException(
                name + "=" + ratePerSecond + " is not between 1 and " + MAX_PER_SECOND);
        }
    }

    /**
     * The usual rates.
     *
     * @param duration how long the loads run.
     * @return options without a report, which keep nothing.
     */
    public static DemoOptions of(final Duration duration) {
        return new DemoOptions(duration, DEFAULT_TRANSACTIONS_PER_SECOND, DEFAULT_READINGS_PER_SECOND,
            DEFAULT_FAULTS_PER_SECOND, 1, Optional.empty(), Optional.empty(),
            Optional.empty(), Replicas.NONE);
    }

    /** {@return whether the services run in processes of their own} */
    boolean inProcesses() {
        return killEvery.isPresent() || replicas.count() > 0;
    }

    /** {@return how much of the load's beginning the latencies leave out, for the JVM to compile the code} */
    public Duration warmUp() {
        final Duration part = duration.dividedBy(WARM_UP_PART);
        return part.compareTo(MAX_WARM_UP) < 0 ? part : MAX_WARM_UP;
    }
}
