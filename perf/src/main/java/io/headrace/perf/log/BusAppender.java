package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.perf.rig.Settings;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** The thread that measures, publishers with a thread each, and those of the bus: a bus with its event log. */
final class BusAppender implements Appender {
    /** At full speed; one sync serves all of them together. */
    private static final int SYNCED_PUBLISHERS = 32;

    private final Bus bus;
    private final LoggedBus.Sender sender;
    private final int publisherCount;

    /** Makes buses that wait as the run was asked to. */
    static Factory waiting(final Settings settings) {
        return (folder, sync) -> new BusAppender(folder, sync, settings.wait("eco"));
    }

    BusAppender(final Path folder, final boolean sync, final String waitProfile) {
        bus = LoggedBus.open(folder, sync, waitProfile);
        sender = new LoggedBus.Sender(bus, "sender");
        publisherCount = sync ? SYNCED_PUBLISHERS : 1;
    }

    @Override
    public long append(final long number) {
        awaitRecorded(sender.send(number, 0, 0));
        return System.nanoTime();
    }

    @Override
    public void appendAll(final long count) throws InterruptedException {
        SendingThreads.run(publisherCount, count, (thread, share) -> {
            final LoggedBus.Sender own = new LoggedBus.Sender(bus, "sender-" + thread);
            for (long i = 0; i < share; i++) {
                own.send(i, 0, 0);
            }
        });
        awaitRecorded(bus.claimedSequence());
    }

    private void awaitRecorded(final long sequence) {
        while (bus.finishedSequence() < sequence) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void rest() {
        LockSupport.parkNanos(1);
    }

    @Override
    public void close() {
        bus.close();
    }
}
