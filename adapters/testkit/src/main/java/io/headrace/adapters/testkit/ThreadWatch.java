package io.headrace.adapters.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Remembers which threads there were, to find those that came later. Owned by one thread. */
final class ThreadWatch {
    /** Threads of the JDK and of the test's own tools: they begin when first needed, and stay. */
    private static final List<String> ALWAYS_ALLOWED = List.of(
        "ForkJoinPool.commonPool", "Common-Cleaner", "process reaper", "Keep-Alive-Timer", "awaitility", "Attach",
        "Cleaner-", "CompletableFutureDelayScheduler", "surefire", "main", "junit-", "JFR", "RMI", "idle-connection");

    private final Set<Thread> before;
    private final Predicate<Thread> mayOutlive;

    ThreadWatch(final Predicate<Thread> mayOutlive) {
        this.mayOutlive = mayOutlive;
        this.before = new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** {@return the names of the threads that have come since, are still there, and should not be} */
    List<String> leftThreads() {
        return newThreads().stream().map(Thread::getName).sorted().toList();
    }

    List<Thread> newThreads() {
        return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.isAlive() && !before.contains(thread) && !mayOutlive.test(thread))
            .filter(thread -> ALWAYS_ALLOWED.stream().noneMatch(prefix -> thread.getName().startsWith(prefix)))
            .toList();
    }
}
