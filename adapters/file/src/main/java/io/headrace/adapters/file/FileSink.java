package io.headrace.adapters.file;

import io.headrace.adapters.json.UnrenderableEventException;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.codecs.EventView;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;

/**
 * The lane's thread: appends each batch to a file in one write, and completes files by size and by time.
 *
 * <p>A batch whose write fails is taken back whole, so the file always ends with a complete line and a repeated batch
 * does not repeat lines; every such failure is retriable, as a disk can be freed and a directory made. What a crash
 * leaves is sorted out by {@link SeriesPosition}, so that no event is written twice; on a bus without an event log
 * lines are repeated when a source publishes again what had been written.
 */
final class FileSink implements Sink {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileSink.class);

    private final FileSinkOptions options;
    private final SinkContext context;
    private final Path directory;
    private final LineRenderer renderer;
    private final FileSeries files;
    private final LineBuffer buffer = new LineBuffer();
    private final long fsyncIntervalNs;
    private final AtomicCounter writtenBytes;
    private final AtomicCounter failedWrites;
    private final AtomicCounter alreadyAppliedEvents;
    private long lastForceNs;
    /** While it lasts, only a delivery says that all is well again: an idle disk is not a disk with space. */
    private boolean writeFailed;

    FileSink(final FileSinkOptions options, final SinkContext context) {
        this.options = options;
        this.context = context;
        directory = Path.of(options.directory());
        renderer = LineRenderer.of(options);
        files = new FileSeries(options, context);
        fsyncIntervalNs = options.fsyncInterval().toNanos();
        writtenBytes = context.counter("written-bytes");
        failedWrites = context.counter("failed-writes");
        alreadyAppliedEvents = context.counter("already-applied-events");
        lastForceNs = context.nanoClock().nanoTime();
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        UnrenderableEventException poison = null;
        int renderedCount = 0;
        try {
            files.recoverOnce(context.epochClock().nanoTime());
            final long appliedSequence = files.position().sequence();
            long lastSequence = appliedSequence;
            buffer.reset();
            try {
                for (; renderedCount < batch.size(); renderedCount++) {
                    final EventView event = batch.event(renderedCount);
                    if (batch.replayed()) {
                        // Parked before: what is stored is past it, says nothing about it, and stays as it is.
                        renderer.render(event, buffer);
                    } else if (event.sequence() > appliedSequence) {
                        renderer.render(event, buffer);
                        lastSequence = event.sequence();
                    } else {
                        alreadyAppliedEvents.increment();
                    }
                }
            } catch (final UnrenderableEventException e) {
                poison = e;
            }
            if (buffer.size() > 0) {
                write(buffer.lines(), lastSequence);
            }
        } catch (final ClosedByInterruptException | FileLockInterruptionException e) {
            // The channel is closed now; the next batch opens the file again and cuts this one off.
            Thread.interrupted();
            final InterruptedException interrupted = new InterruptedException("interrupted while writing");
            interrupted.initCause(e);
            throw interrupted;
        } catch (final IOException e) {
            writeFailed = true;
            throw failure(e);
        }
        if (poison != null) {
            throw DeliveryException.poison(renderedCount, renderedCount, poison.getMessage(), poison);
        }
    }

    private void write(final ByteBuffer lines, final long lastSequence) throws IOException {
        final int lengthBytes = lines.remaining();
        final long nowEpochNs = context.epochClock().nanoTime();
        append(files.fileFor(nowEpochNs, lengthBytes), lines, lastSequence);
        files.written(nowEpochNs);
        writtenBytes.getAndAddOrdered(lengthBytes);
        writeFailed = false;
        working();
    }

    /** The lines, and then their position, both on the disk where that is asked for; or neither. */
    private void append(final PartFile file, final ByteBuffer lines, final long lastSequence) throws IOException {
        final long sizeBytes = file.completeBytes();
        final long formerSequence = files.position().sequence();
        final boolean due = forceIsDue();
        file.append(lines);
        try {
            if (due) {
                file.force();
            }
            files.position().store(file, lastSequence);
            if (due) {
                files.position().force();
            }
        } catch (final IOException e) {
            file.takeBackTo(sizeBytes, e);
            files.position().takeBack(formerSequence);
            throw e;
        }
        if (due) {
            lastForceNs = context.nanoClock().nanoTime();
        }
    }

    private boolean forceIsDue() {
        return options.fsync() == FileSync.BATCH || options.fsync() == FileSync.INTERVAL
            && context.nanoClock().nanoTime() - lastForceNs >= fsyncIntervalNs;
    }

    @Override
    public void idle() throws DeliveryException {
        try {
            files.completeWhenOver(context.epochClock().nanoTime());
            final PartFile file = files.current();
            if (file != null && file.isOpen() && forceIsDue()) {
                file.force();
                files.position().force();
                lastForceNs = context.nanoClock().nanoTime();
            }
            if (!writeFailed) {
                working();
            }
        } catch (final IOException e) {
            throw failure(e);
        }
    }

    private void working() {
        if (context.health().state() != Health.State.UP) {
            context.health().up();
        }
    }

    private DeliveryException failure(final IOException cause) {
        failedWrites.increment();
        if (cause instanceof SeriesPosition.UnknownPositionException) {
            context.health().failed(cause.getMessage());
            return DeliveryException.fatal(0, cause.getMessage(), cause);
        }
        final String reason = FileFailure.describe(cause, directory);
        context.health().down(reason);
        return DeliveryException.retriable(0, reason, cause);
    }

    @Override
    public void close() {
        try (files) {
            files.finish(context.epochClock().nanoTime());
        } catch (final IOException e) {
            failedWrites.increment();
            LOGGER.warn("the last file stays in progress and is taken up with the next start: {}",
                FileFailure.describe(e, directory), e);
        }
    }
}
