package io.headrace.perf.rig;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The main thread of an arm that is at rest: how much processor time its JVM takes, and which threads take it. */
public final class IdleCpu {
    /** The figure's name; in percent of one core. */
    public static final String METRIC = "idle CPU";

    private static final double SHOWN_PERCENT = 0.05;

    private IdleCpu() {
    }

    /**
     * Lets the JVM come to rest and then measures it. A goal missed is said in the output, as it is not a ratio.
     *
     * @param run         that takes the figures.
     * @param goalPercent of a core; {@link Double#MAX_VALUE} for none.
     * @throws InterruptedException when interrupted.
     */
    public static void measure(final ArmRun run, final double goalPercent) throws InterruptedException {
        TimeUnit.SECONDS.sleep(run.settings().quick() ? 5 : 15);
        final OperatingSystemMXBean system = (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final Map<String, Long> threadsBefore = threadCpuNs();
        final long cpuBeforeNs = system.getProcessCpuTime();
        final long beginNs = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep((long)(run.settings().seconds(5, 30) * 1e3));
        final double tookNs = System.nanoTime() - beginNs;
        final double percent = 100 * (system.getProcessCpuTime() - cpuBeforeNs) / tookNs;
        run.metric(METRIC, percent);
        threadCpuNs().forEach((name, ns) -> {
            final double share = 100 * (ns - threadsBefore.getOrDefault(name, 0L)) / tookNs;
            if (share > SHOWN_PERCENT) {
                run.metric("of it " + name, share);
            }
        });
        if (percent > goalPercent) {
            System.out.printf(Locale.ROOT, "%.2f %% of a core; the goal is under %.0f %%%n", percent, goalPercent);
        }
    }

    private static Map<String, Long> threadCpuNs() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final Map<String, Long> times = new HashMap<>();
        for (final ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null) {
                times.merge(info.getThreadName(), threads.getThreadCpuTime(info.getThreadId()), Long::sum);
            }
        }
        return times;
    }
}
