package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.bus.Bus;
import io.headrace.bus.subscription.Subscription;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.WhenFull;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The clients that follow the events. Each exchange's thread adds a subscription for its client, waits for its end and
 * removes it. A client that reads too slowly loses events, and is told how many: it never holds up the bus.
 */
final class Tails {
    static final int MAX_TAILS = 8;
    private static final int MAX_BATCH_EVENTS = 256;
    private static final int MAX_BATCH_BYTES = 256 * 1024;
    private static final int NAME_ATTEMPTS = 1000;

    private final PresentBus present;
    private final Semaphore slots = new Semaphore(MAX_TAILS);
    private final Set<TailSink> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private volatile boolean closed;

    Tails(final PresentBus present) {
        this.present = present;
    }

    void answer(final HttpExchange exchange) throws IOException, RequestException {
        final TailRequest request = TailRequest.parse(exchange.getRequestURI().getRawQuery());
        if (!slots.tryAcquire()) {
            throw new RequestException(HttpURLConnection.HTTP_UNAVAILABLE,
                "There are " + MAX_TAILS + " tails already.", "End one of them and try again.");
        }
        try {
            if (closed) {
                throw stopping();
            }
            follow(request, exchange);
        } finally {
            slots.release();
        }
    }

    private void follow(final TailRequest request, final HttpExchange exchange) throws IOException, RequestException {
        // Headers go out with the first byte of the body, so that a subscription that fails can still be told.
        final OutputStream body = new BufferedOutputStream(new LateBody(exchange), MAX_BATCH_BYTES);
        final AtomicReference<Subscription> added = new AtomicReference<>();
        final TailSink sink = new TailSink(body, request.limit(), () -> {
            final Subscription subscription = added.get();
            return subscription == null ? 0 : subscription.status().dropped();
        });
        final Bus bus = present.require();
        added.set(subscribe(bus, request, sink));
        running.add(sink);
        try {
            if (closed) {
                sink.end();
            }
            sink.awaitEnd();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(sink);
            bus.unsubscribe(added.get());
        }
        // The lane's thread is gone: what it did not come to, the headers perhaps, is for this one. It happens before
        // the slot is given back, so that a server that closes does not cut the stream's end off.
        body.close();
    }

    private Subscription subscribe(final Bus bus, final TailRequest request, final TailSink sink)
        throws RequestException {
        for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
            final String name = "tail-" + lastNumber.incrementAndGet();
            try {
                return bus.subscribe(
                    new SubscriptionContext()
                        .name(name)
                        .topics(request.topics())
                        .whenFull(WhenFull.DROP_NEWEST)
                        .batch(MAX_BATCH_EVENTS, MAX_BATCH_BYTES),
                    lane -> sink);
            } catch (final IllegalStateException e) {
                throw stopping();
            } catch (final IllegalArgumentException e) {
                // A flow of the configuration may have this name: the next number may be free.
                if (bus.subscriptions().stream().noneMatch(other -> other.name().equals(name))) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException("attempts=" + NAME_ATTEMPTS + " and no free name for a tail");
    }

    private static RequestException stopping() {
        return new RequestException(
            HttpURLConnection.HTTP_UNAVAILABLE, "The service is stopping.", "Start it, and try again.");
    }

    /** Ends every tail, and waits a bounded time until their clients have been told. */
    void close(final long timeoutMs) throws InterruptedException {
        closed = true;
        running.forEach(TailSink::end);
        if (slots.tryAcquire(MAX_TAILS, timeoutMs, TimeUnit.MILLISECONDS)) {
            slots.release(MAX_TAILS);
        }
    }
}
