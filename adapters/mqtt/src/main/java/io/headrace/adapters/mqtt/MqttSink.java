package io.headrace.adapters.mqtt;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.FailureClass;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkContext;
import io.netty.channel.EventLoopGroup;
import org.agrona.concurrent.status.AtomicCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The thread of one lane; the client library's I/O happens on an event loop of the sink's own. Publishes the events of
 * a batch one behind the other without waiting, within the window of unacknowledged messages, and returns when all are
 * acknowledged. A failure gives the connection up, so that nothing of a failed delivery is sent later: the bus delivers
 * it again.
 */
final class MqttSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(MqttSink.class);
    private static final int CONNECT_STEPS = 3;
    private static final long STOP_TIMEOUT_MS = 5_000;

    private final MqttSinkOptions options;
    private final SinkContext context;
    private final String clientId;
    private final EventLoopGroup group;
    private final Clients clients;
    private final MessageFactory messages;
    private final Backoff backoff;
    private final ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();
    private final AtomicCounter published;
    private final AtomicCounter connects;
    private PublisherLink link;
    private boolean wasConnected;
    private long connectedAtNs;
    private long nextAttemptNs;

    /**
     * Builds the sink whole.
     *
     * @throws IllegalArgumentException when a certificate or a key cannot be used.
     */
    MqttSink(final MqttSinkOptions options, final SinkContext context) {
        this.options = options;
        this.context = context;
        final String id = options.broker().clientId().orElse("headrace-" + context.name());
        clientId = context.laneCount() > 1 ? id + "-" + context.lane() : id;
        messages = new MessageFactory(options.topic(), context.epochs().logId());
        backoff = new Backoff(
            options.broker().reconnectDelay().toNanos(),
            options.broker().reconnectMaxDelay().toNanos(),
            () -> ThreadLocalRandom.current().nextDouble());
        published = context.counter("published-messages");
        connects = context.counter("connects");
        group = EventLoops.single("mqtt-sink-" + context.name() + "-" + context.lane());
        try {
            clients = new Clients(options.broker(), group);
        } catch (final RuntimeException e) {
            group.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw e;
        }
    }

    @Override
    public void deliver(final EventBatch batch) throws DeliveryException, InterruptedException {
        if (link == null || !link.connected()) {
            connect();
        }
        int acknowledgedCount = 0;
        try {
            for (int index = 0; index < batch.size(); index++) {
                if (underWay.size() >= options.maxInFlight()) {
                    awaitFirst(acknowledgedCount);
                    acknowledgedCount++;
                }
                final OutgoingMessage message;
                try {
                    message = messages.of(batch.event(index));
                } catch (final IllegalArgumentException e) {
                    for (; !underWay.isEmpty(); acknowledgedCount++) {
                        awaitFirst(acknowledgedCount);
                    }
                    throw DeliveryException.poison(index, index, e.getMessage(), e);
                }
                underWay.addLast(link.publish(message));
            }
            for (; !underWay.isEmpty(); acknowledgedCount++) {
                awaitFirst(acknowledgedCount);
            }
        } catch (final InterruptedException e) {
            giveUpLink();
            throw e;
        } finally {
            underWay.clear();
        }
    }

    private void awaitFirst(final int index) throws DeliveryException, InterruptedException {
        try {
            underWay.peekFirst().get(options.deliveryTimeout().toNanos(), TimeUnit.NANOSECONDS);
            underWay.removeFirst();
            published.incrementRelease();
        } catch (final TimeoutException e) {
            giveUpLink();
            throw failed(index, new Failure(FailureClass.RETRIABLE, "the broker at " + options.broker().address()
                + " did not acknowledge a message within " + options.deliveryTimeout().toMillis() + " ms"), e);
        } catch (final ExecutionException e) {
            final Failure failure = Failure.of(e.getCause(), options.broker());
            underWay.removeFirst();
            if (failure.failureClass() == FailureClass.POISON) {
                settleOthers();
            } else {
                giveUpLink();
            }
            throw failed(index, failure, e.getCause());
        }
    }

    /** Waits for what was sent behind a poisoned message, which the bus will deliver again. */
    private void settleOthers() throws InterruptedException {
        for (final CompletableFuture<?> sent : underWay) {
            try {
                sent.get(options.deliveryTimeout().toNanos(), TimeUnit.NANOSECONDS);
            } catch (final ExecutionException | TimeoutException e) {
                LOG.debug("sink {}: a message behind a poisoned one failed too", context.name(), e);
                giveUpLink();
                return;
            }
        }
    }

    private DeliveryException failed(final int index, final Failure failure, final Throwable cause) {
        return switch (failure.failureClass()) {
            case POISON -> DeliveryException.poison(index, index, failure.text(), cause);
            case FATAL -> {
                context.health().failed(failure.text());
                yield DeliveryException.fatal(index, failure.text(), cause);
            }
            case RETRIABLE -> {
                context.health().down(failure.text());
                yield DeliveryException.retriable(index, failure.text(), cause);
            }
        };
    }

    private void connect() throws DeliveryException, InterruptedException {
        giveUpLink();
        link = options.broker().version() == MqttBrokerOptions.MQTT_5 ?
            new Mqtt5PublisherLink(clients, clientId, options) : new Mqtt3PublisherLink(clients, clientId, options);
        try {
            // Socket, TLS and login are each bounded by the time-out.
            link.connect().get(CONNECT_STEPS * options.broker().connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (final ExecutionException e) {
            giveUpLink();
            throw failed(0, Failure.of(e.getCause(), options.broker()), e.getCause());
        } catch (final TimeoutException e) {
            giveUpLink();
            throw failed(0, Failure.of(e, options.broker()), e);
        }
        connects.incrementRelease();
        final String lacks = link.lacks();
        if (lacks != null) {
            giveUpLink();
            throw failed(0, new Failure(FailureClass.FATAL, lacks), null);
        }
        wasConnected = true;
        connectedAtNs = context.nanoClock().nanoTime();
        context.health().up();
    }

    private void giveUpLink() {
        if (link != null) {
            link.end().whenComplete((nothing, cause) -> {
                if (cause != null) {
                    LOG.debug("sink {}: the old connection did not end cleanly", context.name(), cause);
                }
            });
            link = null;
        }
    }

    /** Connects again while there is nothing to deliver, so that the next event need not wait for it. */
    @Override
    public void idle() throws DeliveryException {
        if (!wasConnected || link != null && link.connected()) {
            return;
        }
        final long nowNs = context.nanoClock().nanoTime();
        if (link != null) {
            giveUpLink();
            context.health().down("the broker at " + options.broker().address() + " closed the connection");
            nextAttemptNs = nowNs + backoff.nextDelayNs(nowNs - connectedAtNs);
        } else if (nowNs - nextAttemptNs >= 0) {
            try {
                connect();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (link == null) {
                    nextAttemptNs = context.nanoClock().nanoTime() + backoff.nextDelayNs(0);
                }
            }
        }
    }

    @Override
    public void close() {
        if (link != null) {
            final CompletableFuture<?> ended = link.end().handle((nothing, cause) -> null);
            ended.completeOnTimeout(null, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
            link = null;
        }
        group.shutdownGracefully(0, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
