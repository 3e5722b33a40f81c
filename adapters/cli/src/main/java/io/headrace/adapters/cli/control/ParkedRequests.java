package io.headrace.adapters.cli.control;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import io.headrace.bus.delivery.ParkingLot;
import io.headrace.bus.delivery.ParkingOutcome;
import io.headrace.bus.subscription.BufferedSubscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Replays and drops parked events when asked to. Each exchange's thread waits for the lanes, which do it. */
final class ParkedRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ParkedRequests.class);
    private static final int TIMEOUT_S = 240;

    private final PresentBus bus;

    ParkedRequests(final PresentBus bus) {
        this.bus = bus;
    }

    void answer(final HttpExchange exchange, final boolean drops) throws IOException, RequestException {
        final ParkedQuery.Parsed request = ParkedQuery.parse(exchange.getRequestURI().getRawQuery());
        final ParkingLot lot = lot(request.flow());
        LOG.info("Asked to {} parked events of flow {}: {}",
            drops ? "drop" : "replay", request.flow(), request.selection());
        final CompletableFuture<ParkingOutcome> future =
            drops ? lot.drop(request.selection()) : lot.replay(request.selection());
        final ParkingOutcome outcome = await(future);
        Responses.json(exchange, HttpURLConnection.HTTP_OK, json -> write(outcome, json));
    }

    private ParkingLot lot(final String flow) throws RequestException {
        return bus.require().subscriptions().stream()
            .filter(subscription -> subscription.name().equals(flow))
            .filter(BufferedSubscription.class::isInstance).map(BufferedSubscription.class::cast)
            .findFirst().flatMap(BufferedSubscription::parkingLot)
            .orElseThrow(() -> new RequestException(HttpURLConnection.HTTP_NOT_FOUND,
                "There is no flow of this name that can park events.", "Look with 'headrace park ls'."));
    }

    private static ParkingOutcome await(final CompletableFuture<ParkingOutcome> future) throws RequestException {
        try {
            return future.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (final ExecutionException e) {
            throw new RequestException(HttpURLConnection.HTTP_CONFLICT,
                "The flow could not do it: " + e.getCause().getMessage(),
                "Mend what the message names, start the flow again and ask once more.");
        } catch (final TimeoutException e) {
            throw new RequestException(HttpURLConnection.HTTP_GATEWAY_TIMEOUT,
                "The flow is not through after " + TIMEOUT_S + " s, and goes on.", "Look with 'headrace park ls'.");
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(HttpURLConnection.HTTP_UNAVAILABLE,
                "The service is stopping.", "Start it, and look with 'headrace park ls'.");
        }
    }

    private static void write(final ParkingOutcome outcome, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("replayed", outcome.replayed());
        json.writeNumberField("dropped", outcome.dropped());
        json.writeNumberField("remaining", outcome.remaining());
        json.writeArrayFieldStart("problems");
        for (final String problem : outcome.problems()) {
            json.writeString(problem);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
