package io.headrace.adapters.file;

import io.headrace.adapters.json.UnrenderableEventException;
import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/**
 * The lane's thread: appends each batch to a file in one write, and completes files by size and by time.
 *
 * <p>A batch whose write fails is taken back whole, so the file always ends with a complete line and a repeated batch
 * does not repeat lines; every such failure is retriable, as a disk can be freed and a directory made. Lines are
 * repeated only when the process ends between a write and the recording of the subscription's position.
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
        lastForceNs = context.nanoClock().nanoTime();
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        buffer.reset();
        UnrenderableEventException poison = null;
        int renderedCount = 0;
        try {
            while (renderedCount < batch.size()) {
                renderer.render(batch.event(renderedCount), buffer);
                renderedCount++;
            }
        } catch (final UnrenderableEventException e) {
            poison = e;
        } catch (final IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        if (buffer.size() > 0) {
            write(buffer.lines());
        }
        if (poison != null) {
            throw DeliveryException.poison(renderedCount, renderedCount, poison.getMessage(), poison);
        }
    }

    private void write(final ByteBuffer lines) throws DeliveryException, InterruptedException {
        final int lengthBytes = lines.remaining();
        try {
            final long nowEpochNs = context.epochClock().nanoTime();
            final PartFile file = files.fileFor(nowEpochNs, lengthBytes);
            final long sizeBytes = file.completeBytes();
            file.append(lines);
            force(file, sizeBytes);
            files.written(nowEpochNs);
        } catch (final ClosedByInterruptException e) {
            // The channel is closed now; the next batch opens the file again and cuts this one off.
            Thread.interrupted();
            final InterruptedException interrupted = new InterruptedException("interrupted while writing");
            interrupted.initCause(e);
            throw interrupted;
        } catch (final IOException e) {
            writeFailed = true;
            throw failure(e);
        }
        writtenBytes.getAndAddOrdered(lengthBytes);
        writeFailed = false;
        working();
    }

    private void force(final PartFile file, final long sizeBytesBefore) throws IOException {
        final long nowNs = context.nanoClock().nanoTime();
        final boolean due = options.fsync() == FileSync.BATCH ||
            options.fsync() == FileSync.INTERVAL && nowNs - lastForceNs >= fsyncIntervalNs;
        if (!due) {
            return;
        }
        try {
            file.force();
        } catch (final IOException e) {
            file.takeBackTo(sizeBytesBefore, e);
            throw e;
        }
        lastForceNs = nowNs;
    }

    @Override
    public void idle() throws DeliveryException {
        try {
            files.completeWhenOver(context.epochClock().nanoTime());
            final PartFile file = files.current();
            if (file != null && file.isOpen()) {
                force(file, file.completeBytes());
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
