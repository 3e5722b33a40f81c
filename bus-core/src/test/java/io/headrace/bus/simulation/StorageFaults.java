package io.headrace.bus.simulation;

import java.util.SplittableRandom;

/** How badly a simulated storage behaves, by a seed. Owned by the thread of the simulation. */
public final class StorageFaults {
    private final SplittableRandom random;
    private final int backPressurePercent;
    private final int failurePerMille;
    private final int purgePercent;
    private boolean calm;

    /**
     * Makes them.
     *
     * @param random              of the seed.
     * @param backPressurePercent how often an append finds no room.
     * @param failurePerMille     how often the storage fails, of its turns.
     * @param purgePercent        how often the retention lets go of something, of its turns.
     */
    public StorageFaults(
        final SplittableRandom random,
        final int backPressurePercent,
        final int failurePerMille,
        final int purgePercent) {
        this.random = random;
        this.backPressurePercent = backPressurePercent;
        this.failurePerMille = failurePerMille;
        this.purgePercent = purgePercent;
    }

    /** A storage that only takes its time. */
    public static StorageFaults none(final long seed) {
        final StorageFaults faults = new StorageFaults(new SplittableRandom(seed), 0, 0, 0);
        faults.calmDown();
        return faults;
    }

    /** From now on nothing goes wrong. */
    public void calmDown() {
        calm = true;
    }

    boolean pressesBack() {
        return !calm && random.nextInt(100) < backPressurePercent;
    }

    boolean fails() {
        return !calm && random.nextInt(1000) < failurePerMille;
    }

    boolean fails(final int oneIn) {
        return fails() && random.nextInt(oneIn) == 0;
    }

    int failureTurns() {
        return 1 + random.nextInt(4);
    }

    boolean purges() {
        return !calm && random.nextInt(100) < purgePercent;
    }

    /** From 0 to the bound. */
    int upTo(final int bound) {
        return random.nextInt(bound + 1);
    }
}
