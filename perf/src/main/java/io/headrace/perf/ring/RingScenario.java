package io.headrace.perf.ring;

import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.Metric;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.SpscArrayQueue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** S1: how many events a second go through the ring, and through the whole bus. */
public final class RingScenario implements Scenario {
    private static final double RING_GOAL = 0.8;

    @Override
    public String id() {
        return "S1";
    }

    @Override
    public String question() {
        return "How many events a second do the ring and the whole bus move, in four topologies, beside the bare "
            + "Disruptor, Agrona's rings, JCTools and ArrayBlockingQueue?";
    }

    @Override
    public List<Comparison> comparisons(final Settings settings) {
        return Arrays.stream(Topology.values()).map(topology -> comparison(topology, settings)).toList();
    }

    private static Comparison comparison(final Topology topology, final Settings settings) {
        final List<Arm> arms = new ArrayList<>();
        arms.add(Arm.baseline("disruptor", run -> ThroughputRun.measure(run, topology, DisruptorConveyor::new)));
        arms.add(Arm.subject("ring", run -> ThroughputRun.measure(run, topology, RingConveyor::new)));
        if (topology != Topology.DIAMOND) {
            // A subscription cannot wait for another one, so the bus has no diamond.
            arms.add(Arm.subject("bus", run -> ThroughputRun.measure(run, topology,
                (t, consumers, payloadBytes, waiting) -> BusConveyor.direct(consumers, payloadBytes, waiting))));
        }
        arms.add(Arm.peer("agrona", run -> ThroughputRun.measure(run, topology, AgronaConveyor::new)));
        arms.add(Arm.peer("jctools", run -> ThroughputRun.measure(run, topology,
            (t, consumers, payloadBytes, waiting) -> new QueueConveyor(t, consumers, payloadBytes, waiting,
                () -> t.publisherCount() > 1 ? new MpscArrayQueue<>(Conveyor.CAPACITY)
                    : new SpscArrayQueue<>(Conveyor.CAPACITY)))));
        arms.add(Arm.peer("array-blocking-queue", run -> ThroughputRun.measure(run, topology,
            (t, consumers, payloadBytes, waiting) -> new QueueConveyor(t, consumers, payloadBytes, waiting,
                () -> new ArrayBlockingQueue<>(Conveyor.CAPACITY)))));
        return new Comparison(topology.label(),
            topology.publisherCount() + " publisher(s), " + topology.consumerCount() + " consumer(s), "
                + settings.payload(64) + " B, " + settings.wait("yield"),
            arms, List.of(Metric.more("throughput", "M events/s", new Metric.Goal("ring", "disruptor", RING_GOAL))));
    }
}
