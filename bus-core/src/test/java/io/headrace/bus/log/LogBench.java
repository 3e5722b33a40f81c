package io.headrace.bus.log;

import io.headrace.bus.AgentHost;
import io.headrace.bus.monitor.BusClock;
import io.headrace.bus.monitor.Counters;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.Ring;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.simulation.ManualClock;
import io.headrace.bus.simulation.SimulatedDisk;
import io.headrace.bus.simulation.SimulatedEventLog;
import io.headrace.bus.simulation.StorageFaults;
import io.headrace.codecs.EventStamp;
import io.headrace.codecs.EventView;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A ring and its recorder on a simulated disk, stepped by the test's thread. */
public final class LogBench {
    private static final int RING_SLOTS = 64;
    private static final int SLOT_BYTES = 64;
    private static final int LOG_ID = 77;
    private static final long ONE_SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    public final ManualClock clock;
    public final SimulatedDisk disk;
    public final SimulatedEventLog log;
    public final LogState state;
    public final Ring ring;
    public final Recorder recorder;
    public final BusClock busClock;
    public final ReplicatedCopies copies;
    public final Counters counters = new Counters();
    final HealthIndicator health = new HealthIndicator("event log");
    final List<DurablePosition> subscriptions = new CopyOnWriteArrayList<>();
    private final EventWriter writer = new EventWriter();

    /** Begins with an empty disk. */
    public LogBench() {
        this(new SimulatedDisk(LOG_ID), new ManualClock());
    }

    private LogBench(final SimulatedDisk disk, final ManualClock clock) {
        this(disk, clock, StorageFaults.none(disk.size()));
    }

    LogBench(final SimulatedDisk disk, final ManualClock clock, final StorageFaults faults) {
        this.disk = disk;
        this.clock = clock;
        busClock = new BusClock(clock::nanoTime, clock::epochNs);
        log = new SimulatedEventLog(disk, faults, clock);
        state = new LogState(log.logId());
        log.recover(state);
        ring = new Ring(RING_SLOTS, SLOT_BYTES, ProducerMode.MULTI, WaitProfile.YIELD, log.nextSequence());
        copies = new ReplicatedCopies(1, false, log.nextSequence() - 1, false);
        recorder = new Recorder(log, state, ring, false, subscriptions, busClock, counters, health,
            AgentHost.threads(), copies);
    }

    /** Writes the beginning of an epoch. */
    public LogBench begin() {
        recorder.begin();
        return this;
    }

    /** Crashes, and begins again on the same disk. */
    LogBench crashAndRecover() {
        log.crash();
        return new LogBench(disk, clock);
    }

    /** Publishes an event of the source {@code erp} with its number as its position; -2 when the ring is full. */
    public long publish(final long number) {
        final byte[] position = new byte[Long.BYTES];
        new UnsafeBuffer(position).putLong(0, number);
        final byte[] source = "erp".getBytes(StandardCharsets.US_ASCII);
        final int lengthBytes = EventWriter.overheadLength(3, 3, 0, 0, Long.BYTES, 0) + Long.BYTES;
        final long sequence = ring.tryClaim(lengthBytes);
        if (sequence >= 0) {
            final UnsafeBuffer event = new UnsafeBuffer(0, 0);
            ring.wrapEvent(sequence, lengthBytes, event);
            writer.wrap(event, 0).kind(EventKind.DOCUMENT).topic(source).source(source).sourcePosition(position);
            event.putLong(writer.beginPayload(), number);
            writer.endPayload(Long.BYTES);
            final int length = writer.length();
            EventStamp.stamp(event, 0, sequence, clock.epochNs());
            ring.commit(sequence, lengthBytes, length, clock.nanoTime());
        }
        return sequence;
    }

    /** Claims slots and gives them up. */
    public void abort(final int slots) {
        final int lengthBytes = slots * SLOT_BYTES - 16;
        final long sequence = ring.tryClaim(lengthBytes);
        if (sequence >= 0) {
            ring.commit(sequence, lengthBytes, 0, clock.nanoTime());
        }
    }

    /** Turns of the log thread, with all its periodic work. */
    void turns(final int count) throws Exception {
        for (int i = 0; i < count; i++) {
            clock.advance(ONE_SECOND_NS);
            recorder.doWork();
        }
    }

    /** The numbers of the events that are recorded. */
    List<Long> recordedNumbers() {
        final List<Long> numbers = new ArrayList<>();
        final EventView view = new EventView();
        for (int i = 0; i < disk.size(); i++) {
            if (disk.entry(i).type() == RecordType.EVENT) {
                view.wrap(disk.entry(i).bytes(), 0, disk.entry(i).bytes().capacity());
                numbers.add(view.buffer().getLong(view.payloadOffset()));
            }
        }
        return numbers;
    }

    /** What a new process would know. */
    LogState recovered() {
        final LogState recovered = new LogState(disk.logId());
        disk.feed(disk.recoveryIndex(), recovered);
        return recovered;
    }

    /** The number of the last event that a new process would know of; -1 for none. */
    long recoveredNumber() {
        return recovered().source("erp")
            .map(source -> new UnsafeBuffer(source.sourcePosition()).getLong(0)).orElse(-1L);
    }

    /** A subscription with a position. */
    DurablePosition subscription(final String name, final long... finished) {
        final DurablePosition subscription = new DurablePosition() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public long[] finishedSequences() {
                return finished.clone();
            }
        };
        subscriptions.add(subscription);
        recorder.subscriptionAdded();
        return subscription;
    }
}
