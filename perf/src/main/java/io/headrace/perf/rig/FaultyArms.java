package io.headrace.perf.rig;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Fixtures of the rig: arms with a fault that it has to find. Not in the list of scenarios; {@code headrace perf run
 * faulty-arms} must end with exit code 1.
 */
public final class FaultyArms implements Scenario {
    private static final int RATE = 2000;
    private static final long LOST_EVERY = 1000;
    private static final long SLOW_NS = 2_000_000;

    @Override
    public String id() {
        return "faulty-arms";
    }

    @Override
    public String question() {
        return "Does the rig find an arm that loses, one that doubles, one that swaps and one that is too slow?";
    }

    @Override
    public boolean fixture() {
        return true;
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return List.of(new Comparison("faults", RATE + "/s", List.of(
            Arm.baseline("sound", run -> measure(run, Fault.NONE)),
            Arm.subject("lossy", run -> measure(run, Fault.LOSES)),
            Arm.subject("doubling", run -> measure(run, Fault.DOUBLES)),
            Arm.subject("swapping", run -> measure(run, Fault.SWAPS)),
            Arm.subject("slow", run -> measure(run, Fault.SLOW))),
            List.of(Metric.less("response p50", "µs"))));
    }

    enum Fault {
        NONE, LOSES, DOUBLES, SWAPS, SLOW
    }

    /** Each of them leaves something behind, which the rig has to delete. */
    static void measure(final ArmRun run, final Fault fault) throws Exception {
        Files.writeString(Files.createDirectories(run.scratch()).resolve(fault.name()), "left behind");
        OpenLoop.measure(run, (receivers, payloadBytes, waitProfile) -> new FaultyPath(receivers.get(0), fault), 1,
            RATE, 0.2, 0.5, 0);
    }

    /** The sending thread and one that receives: a queue, with the fault between them. */
    private static final class FaultyPath implements EventPath {
        private final OneToOneConcurrentArrayQueue<long[]> queue = new OneToOneConcurrentArrayQueue<>(64);
        private final Receiver receiver;
        private final Fault fault;
        private long[] held;
        private volatile boolean closed;

        FaultyPath(final Receiver receiver, final Fault fault) {
            this.receiver = receiver;
            this.fault = fault;
            final Thread thread = new Thread(this::receive, "faulty");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void send(final long number, final long intendedNs, final long sentNs) {
            final long[] event = {number, intendedNs, sentNs};
            final boolean faultDue = number % LOST_EVERY == LOST_EVERY / 2;
            if (faultDue && fault == Fault.LOSES) {
                return;
            }
            if (faultDue && fault == Fault.SWAPS) {
                held = event;
                return;
            }
            put(event);
            if (faultDue && fault == Fault.DOUBLES) {
                put(event);
            }
            if (held != null) {
                put(held);
                held = null;
            }
        }

        private void put(final long[] event) {
            while (!queue.offer(event)) {
                LockSupport.parkNanos(1);
            }
        }

        private void receive() {
            while (!closed) {
                final long[] event = queue.poll();
                if (event == null) {
                    Thread.yield();
                } else {
                    if (fault == Fault.SLOW) {
                        LockSupport.parkNanos(SLOW_NS);
                    }
                    receiver.onEvent(event[0], event[1], event[2]);
                }
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
