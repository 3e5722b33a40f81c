package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.adapters.cli.report.JsonText;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes whole responses. Called on the thread of an exchange; holds no state. */
final class Responses {
    private Responses() {
    }

    static void json(final HttpExchange exchange, final int status, final JsonText.Content content)
        throws IOException {
        send(exchange, status, "application/json", JsonText.pretty(content) + "\n");
    }

    static void text(final HttpExchange exchange, final int status, final String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", text);
    }

    static void failure(final HttpExchange exchange, final RequestException failure) throws IOException {
        json(exchange, failure.status(), json -> {
            json.writeStartObject();
            json.writeStringField(ControlClient.ERROR_FIELD, failure.getMessage());
            json.writeStringField(ControlClient.REMEDY_FIELD, failure.remedy());
            json.writeEndObject();
        });
    }

    private static void send(
        final HttpExchange exchange, final int status, final String contentType, final String body)
        throws IOException {
        final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
