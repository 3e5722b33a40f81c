package io.headrace.adapters.cli.control;

import io.headrace.adapters.json.EventJson;
import io.headrace.adapters.json.UnrenderableEventException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes events to one client as JSON lines. Called on the thread of its subscription's lane; the thread of the
 * exchange waits for its end. An empty line now and then shows whether the client is still there.
 */
final class TailSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(TailSink.class);
    private static final long HEARTBEAT_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final OutputStream out;
    private final long limit;
    private final LongSupplier droppedEvents;
    private final EventJson eventJson = new EventJson();
    private final CountDownLatch ended = new CountDownLatch(1);
    private long sentCount;
    private long toldDroppedCount;
    /** Long ago, so that the first call greets the client: it then knows that it follows. */
    private long lastWriteNs = System.nanoTime() - HEARTBEAT_INTERVAL_NS;

    /**
     * Makes a sink.
     *
     * @param out           to the client.
     * @param limit         after how many events it ends.
     * @param droppedEvents tells how many events its subscription has lost.
     */
    TailSink(final OutputStream out, final long limit, final LongSupplier droppedEvents) {
        this.out = out;
        this.limit = limit;
        this.droppedEvents = droppedEvents;
    }

    @Override
    public void deliver(final EventBatch batch) {
        if (hasEnded()) {
            return;
        }
        try {
            tellDropped();
            for (int i = 0; i < batch.size() && sentCount < limit; i++) {
                write(batch, i);
                sentCount++;
            }
            flush();
            if (sentCount == limit) {
                end();
            }
        } catch (final IOException e) {
            LOG.debug("The client of a tail went away", e);
            end();
        }
    }

    private void write(final EventBatch batch, final int index) throws IOException {
        try {
            eventJson.write(batch.event(index), out);
        } catch (final UnrenderableEventException e) {
            LOG.warn("An event cannot be shown: {}", e.getMessage());
            writeText("{\"unrenderable\":" + batch.event(index).sequence() + "}");
        }
        out.write('\n');
    }

    @Override
    public void idle() {
        if (hasEnded()) {
            return;
        }
        try {
            tellDropped();
            if (System.nanoTime() - lastWriteNs >= HEARTBEAT_INTERVAL_NS) {
                out.write('\n');
                flush();
            }
        } catch (final IOException e) {
            LOG.debug("The client of a tail went away", e);
            end();
        }
    }

    private void tellDropped() throws IOException {
        final long droppedCount = droppedEvents.getAsLong();
        if (droppedCount > toldDroppedCount) {
            writeText("{\"dropped\":" + (droppedCount - toldDroppedCount) + "}\n");
            toldDroppedCount = droppedCount;
            flush();
        }
    }

    private void writeText(final String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void flush() throws IOException {
        out.flush();
        lastWriteNs = System.nanoTime();
    }

    /** Ends the tail; from any thread. */
    void end() {
        ended.countDown();
    }

    private boolean hasEnded() {
        return ended.getCount() == 0;
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        end();
    }
}
