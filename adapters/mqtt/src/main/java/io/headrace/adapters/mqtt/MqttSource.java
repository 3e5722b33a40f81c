package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The service's threads start and stop it; all work is done on the one thread of its event loop. Takes messages from a
 * broker to the bus, see {@link SourceConductor} and {@link Intake}.
 */
final class MqttSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(MqttSource.class);
    private static final long STOP_TIMEOUT_MS = 5_000;

    private final String name;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final SourceConductor conductor;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Builds the source whole.
     *
     * @throws IllegalArgumentException when a certificate or a key cannot be used.
     */
    MqttSource(final MqttSourceOptions options, final SourceContext context) {
        name = context.name();
        group = EventLoops.single("mqtt-source-" + name);
        loop = group.next();
        try {
            conductor = new SourceConductor(options, context, group, loop);
        } catch (final RuntimeException e) {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw e;
        }
    }

    @Override
    public void start() {
        loop.execute(conductor::start);
    }

    @Override
    public void quiesce() {
        if (!closed.get()) {
            final CompletableFuture<Void> quiet = CompletableFuture.runAsync(conductor::quiesce, loop);
            quiet.completeOnTimeout(null, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        final CompletableFuture<Void> stopped = new CompletableFuture<>();
        loop.execute(() -> conductor.stop().whenComplete((nothing, cause) -> {
            if (cause != null) {
                LOG.warn("source {} did not part cleanly from the broker: {}", name, cause.getMessage());
            }
            stopped.complete(null);
        }));
        try {
            stopped.completeOnTimeout(null, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
            group.shutdownGracefully(0, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            if (!group.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("source {}: its event loop did not end within {} ms", name, STOP_TIMEOUT_MS);
            }
        } catch (final InterruptedException e) {
            LOG.warn("source {} was interrupted while it stopped", name);
            Thread.currentThread().interrupt();
        }
    }
}
