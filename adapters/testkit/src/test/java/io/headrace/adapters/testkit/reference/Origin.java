package io.headrace.adapters.testkit.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outside system of the reference source, a simulation in memory: numbered records, a confirmed index, a password,
 * and a switch. Safe for any thread.
 */
public final class Origin {
    static final String PASSWORD = "open";

    private static final Map<String, Origin> BY_NAME = new ConcurrentHashMap<>();

    private final List<String> records = new ArrayList<>();
    private long confirmedCount;
    private boolean up = true;

    public static Origin of(final String name) {
        return BY_NAME.computeIfAbsent(name, key -> new Origin());
    }

    public static void forget(final String name) {
        BY_NAME.remove(name);
    }

    /** Nothing of the name {@code missing} ever exists. */
    static boolean exists(final String name) {
        return BY_NAME.containsKey(name) && !name.equals("missing");
    }

    public synchronized void append(final String record) {
        records.add(record);
        notifyAll();
    }

    public synchronized void up(final boolean isUp) {
        up = isUp;
        notifyAll();
    }

    synchronized long connect(final String password) throws IOException {
        checkUp();
        if (!password.equals(PASSWORD)) {
            throw new IOException("the origin refuses the password");
        }
        return confirmedCount;
    }

    /** The record at an index, or null when there is none within the time. */
    synchronized String read(final long index, final long timeoutMs) throws IOException, InterruptedException {
        checkUp();
        if (index >= records.size()) {
            wait(timeoutMs);
            checkUp();
        }
        return index < records.size() ? records.get((int)index) : null;
    }

    synchronized void confirm(final long count) throws IOException {
        checkUp();
        confirmedCount = Math.max(confirmedCount, count);
    }

    private void checkUp() throws IOException {
        if (!up) {
            throw new IOException("the origin is away");
        }
    }
}
