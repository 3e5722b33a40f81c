package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes the service the leader when asked to. Each exchange's thread waits until it is, or is not. */
final class PromoteRequests {
    private static final Logger LOG = LoggerFactory.getLogger(PromoteRequests.class);
    private static final int MAX_QUERY_CHARS = 256;
    private static final long MAX_TIMEOUT_MS = Duration.ofMinutes(10).toMillis();

    private final Promotion promotion;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** What a query asks for. */
    record Request(boolean force, Duration timeout) {
    }

    PromoteRequests(final Promotion promotion) {
        this.promotion = promotion;
    }

    void answer(final HttpExchange exchange) throws IOException, RequestException {
        final Request request = parse(exchange.getRequestURI().getRawQuery());
        if (!busy.compareAndSet(false, true)) {
            throw new RequestException(HttpURLConnection.HTTP_CONFLICT,
                "A promotion is under way already.", "Wait for it, and look with 'headrace status'.");
        }
        final String outcome;
        try {
            LOG.warn("Asked to become the leader{}", request.force() ? ", by force" : "");
            outcome = promotion.promote(request.force(), request.timeout());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(HttpURLConnection.HTTP_UNAVAILABLE,
                "The service is stopping.", "Start it, and look with 'headrace status'.");
        } catch (final RuntimeException e) {
            LOG.warn("Not promoted: {}", e.getMessage(), e);
            throw new RequestException(
                HttpURLConnection.HTTP_CONFLICT, "Not promoted: " + e.getMessage(), "Look with 'headrace status'.");
        } finally {
            busy.set(false);
        }
        Responses.json(exchange, HttpURLConnection.HTTP_OK, json -> {
            json.writeStartObject();
            json.writeBooleanField("promoted", true);
            json.writeStringField(ControlClient.OUTCOME_FIELD, outcome);
            json.writeEndObject();
        });
    }

    /** Parses the query of a request, as it came from outside. */
    static Request parse(final String rawQuery) throws RequestException {
        final String query = rawQuery == null ? "" : rawQuery;
        if (query.length() > MAX_QUERY_CHARS) {
            throw bad();
        }
        boolean force = false;
        long timeoutMs = 0;
        for (final String parameter : query.split("&")) {
            final int equals = parameter.indexOf('=');
            final String value = parameter.substring(equals + 1);
            switch (equals < 0 ? "" : parameter.substring(0, equals)) {
                case "force" -> force = truth(value);
                case "timeoutMs" -> timeoutMs = number(value);
                default -> throw bad();
            }
        }
        if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
            throw bad();
        }
        return new Request(force, Duration.ofMillis(timeoutMs));
    }

    private static boolean truth(final String value) throws RequestException {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad();
        };
    }

    private static long number(final String value) throws RequestException {
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException e) {
            throw bad();
        }
    }

    private static RequestException bad() {
        return new RequestException(HttpURLConnection.HTTP_BAD_REQUEST, "The query cannot be read.",
            "Give timeoutMs=N, of at most " + MAX_TIMEOUT_MS + ", and force=true or force=false.");
    }
}
