package io.headrace.adapters.testkit;

import io.headrace.bus.Bus;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.publish.Publisher;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Optional;

/** What a service gives to its adapters, made on a real bus for a test. Safe for any thread. */
public final class TestContexts {
    private TestContexts() {
    }

    /**
     * The context of a source. Its publisher counts under {@code publisher.NAME.*}, the source itself under
     * {@code source.NAME.*}.
     *
     * @param bus    to publish to.
     * @param name   of the source.
     * @param health to report to.
     * @return the context.
     */
    public static SourceContext source(final Bus bus, final String name, final Health health) {
        return new BusSourceContext(bus, name, health, bus.newPublisher(name), null);
    }

    /**
     * The context of a source on a bus that stands for one with an event log.
     *
     * @param bus    to publish to.
     * @param name   of the source.
     * @param health to report to.
     * @param log    what it says of the source; null for a bus without a log.
     * @return the context.
     */
    public static SourceContext source(
        final Bus bus, final String name, final Health health, final SimulatedLog log) {
        return new BusSourceContext(bus, name, health, bus.newPublisher(name), log);
    }

    /**
     * The context of the only lane of a sink, which counts under {@code sink.NAME.*}.
     *
     * @param bus    whose clocks and counters it has.
     * @param name   of the sink.
     * @param health to report to.
     * @return the context.
     */
    public static SinkContext sink(final Bus bus, final String name, final Health health) {
        return sink(bus, name, health, 0, 1);
    }

    /**
     * The context of one lane of a sink, which counts under {@code sink.NAME.*}.
     *
     * @param bus       whose clocks and counters it has.
     * @param name      of the sink.
     * @param health    to report to.
     * @param lane      from 0.
     * @param laneCount at least 1.
     * @return the context.
     */
    public static SinkContext sink(
        final Bus bus, final String name, final Health health, final int lane, final int laneCount) {
        return new BusSinkContext(bus, name, health, lane, laneCount, bus.epochs());
    }

    /**
     * The context of the only lane of a sink on a bus that stands for one with an event log.
     *
     * @param bus    whose clocks and counters it has.
     * @param name   of the sink.
     * @param health to report to.
     * @param epochs of the log.
     * @return the context.
     */
    public static SinkContext sink(
        final Bus bus, final String name, final Health health, final EpochHistory epochs) {
        return new BusSinkContext(bus, name, health, 0, 1, epochs);
    }

    private record BusSourceContext(Bus bus, String name, Health health, Publisher publisher, SimulatedLog log)
        implements SourceContext {
        @Override
        public long finishedSequence() {
            return log == null ? bus.finishedSequence() : Math.min(log.finishedLimit(), bus.finishedSequence());
        }

        @Override
        public Optional<RecordedSource> recorded() {
            return log == null ? bus.recorded(name) : log.recorded();
        }

        @Override
        public boolean durable() {
            return log != null || bus.hasLog();
        }

        @Override
        public EpochNanoClock epochClock() {
            return bus.context().epochClock();
        }

        @Override
        public NanoClock nanoClock() {
            return bus.context().nanoClock();
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter("source." + name + "." + counterName);
        }
    }

    private record BusSinkContext(
        Bus bus, String name, Health health, int lane, int laneCount, EpochHistory epochs) implements SinkContext {
        @Override
        public EpochNanoClock epochClock() {
            return bus.context().epochClock();
        }

        @Override
        public NanoClock nanoClock() {
            return bus.context().nanoClock();
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter("sink." + name + "." + counterName);
        }
    }
}
