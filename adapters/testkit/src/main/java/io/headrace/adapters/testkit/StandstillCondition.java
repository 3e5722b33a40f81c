package io.headrace.adapters.testkit;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Met when a thread was seen at the same place twice in a row: it waits. Owned by the thread that looks. */
final class StandstillCondition implements Callable<Boolean> {
    private static final int LOOKS = 5;

    private final Thread thread;
    private StackTraceElement[] last = {};
    private int sameCount;

    StandstillCondition(final Thread thread) {
        this.thread = thread;
    }

    @Override
    public Boolean call() {
        final StackTraceElement[] now = thread.getStackTrace();
        sameCount = now.length > 0 && Arrays.equals(now, last) ? sameCount + 1 : 0;
        last = now;
        return sameCount >= LOOKS;
    }
}
