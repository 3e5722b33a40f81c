package io.headrace.adapters.testkit;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Met when something was seen to be the same several times in a row. Owned by the thread that looks. */
final class StandstillCondition implements Callable<Boolean> {
    private static final int LOOKS = 10;

    private final Supplier<Object> what;
    private Object last;
    private int sameCount;

    /**
     * Makes a condition that has not looked yet.
     *
     * @param what to look at; its values are compared with {@code equals}.
     */
    StandstillCondition(final Supplier<Object> what) {
        this.what = what;
    }

    @Override
    public Boolean call() {
        final Object now = what.get();
        sameCount = now.equals(last) ? sameCount + 1 : 0;
        last = now;
        return sameCount >= LOOKS;
    }
}
