package io.headrace.adapters.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** How much CPU time some threads use in a while, to tell a thread that waits from one that loops. */
final class CpuWindow {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ThreadWatch watch;
    private final long beginNs = System.nanoTime();
    private final long beginCpuNs;

    CpuWindow(final ThreadWatch watch) {
        this.watch = watch;
        this.beginCpuNs = cpuNs(watch.newThreads());
    }

    private static long cpuNs(final List<Thread> threads) {
        return threads.stream().mapToLong(thread -> Math.max(0, THREADS.getThreadCpuTime(thread.getId()))).sum();
    }

    /** {@return the part of one core that the threads used since the window began; those that ended count as 0} */
    double share() {
        return (double)(cpuNs(watch.newThreads()) - beginCpuNs) / Math.max(1, System.nanoTime() - beginNs);
    }
}
