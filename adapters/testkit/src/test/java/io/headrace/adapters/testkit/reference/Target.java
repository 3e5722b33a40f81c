package io.headrace.adapters.testkit.reference;

import io.headrace.adapters.testkit.Change;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The target of the reference sink, a simulation in memory: what was committed, up to which sequence, a password, and
 * switches. Safe for any thread.
 */
public final class Target {
    private static final Map<String, Target> BY_NAME = new ConcurrentHashMap<>();

    private final List<Change> committed = new ArrayList<>();
    private long committedSequence = -1;
    private boolean up = true;
    private boolean hanging;

    public static Target of(final String name) {
        return BY_NAME.computeIfAbsent(name, key -> new Target());
    }

    public static void forget(final String name) {
        BY_NAME.remove(name);
    }

    /** Nothing of the name {@code missing} ever exists. */
    static boolean exists(final String name) {
        return BY_NAME.containsKey(name) && !name.equals("missing");
    }

    public synchronized List<Change> committed() {
        return List.copyOf(committed);
    }

    public synchronized void up(final boolean isUp) {
        up = isUp;
        notifyAll();
    }

    public synchronized void hanging(final boolean hangs) {
        hanging = hangs;
        notifyAll();
    }

    synchronized void check() throws IOException, InterruptedException {
        while (hanging) {
            wait();
        }
        if (!up) {
            throw new IOException("the target is away");
        }
    }

    synchronized long committedSequence() {
        return committedSequence;
    }

    synchronized void commit(final List<Change> changes, final long sequence) {
        committed.addAll(changes);
        committedSequence = Math.max(committedSequence, sequence);
    }
}
