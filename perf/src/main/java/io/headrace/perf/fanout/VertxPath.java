package io.headrace.perf.fanout;

import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.Receiver;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** The sending thread, and an event loop for each verticle: the event bus of Vert.x, handing on objects. */
final class VertxPath implements EventPath {
    private static final String ADDRESS = "erp.public.stock";
    private static final String CODEC = "message";
    private static final long START_SECONDS = 10;

    private final Vertx vertx;
    private final UnsafeBuffer template;
    private final DeliveryOptions options = new DeliveryOptions().setCodecName(CODEC).setLocalOnly(true);

    VertxPath(final List<Receiver> receivers, final int payloadBytes) throws Exception {
        template = new UnsafeBuffer(new byte[payloadBytes]);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(receivers.size()));
        vertx.eventBus().registerCodec(new AsItIs());
        for (final Receiver receiver : receivers) {
            vertx.deployVerticle(new Receiving(receiver)).toCompletionStage().toCompletableFuture()
                .get(START_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** An event loop's thread. */
    private static final class Receiving extends AbstractVerticle {
        private final Receiver receiver;

        Receiving(final Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void start() {
            vertx.eventBus().<Message>localConsumer(ADDRESS, message -> message.body().receive(receiver));
        }
    }

    /** Within one process nothing is encoded. */
    private static final class AsItIs implements MessageCodec<Message, Message> {
        @Override
        public void encodeToWire(final Buffer buffer, final Message message) {
            throw new UnsupportedOperationException("messages stay in this process");
        }

        @Override
        public Message decodeFromWire(final int position, final Buffer buffer) {
            throw new UnsupportedOperationException("messages stay in this process");
        }

        @Override
        public Message transform(final Message message) {
            return message;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    @Override
    public void send(final long number, final long intendedNs, final long sentNs) {
        vertx.eventBus().publish(ADDRESS, Message.of(template, number, intendedNs, sentNs), options);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
