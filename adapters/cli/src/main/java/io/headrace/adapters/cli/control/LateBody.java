package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;

/** The body of a response of unknown length, whose headers go out with its first byte. Owned by one thread. */
final class LateBody extends OutputStream {
    private final HttpExchange exchange;
    private OutputStream body;

    LateBody(final HttpExchange exchange) {
        this.exchange = exchange;
    }

    private OutputStream body() throws IOException {
        if (body == null) {
            exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(HttpURLConnection.HTTP_OK, 0);
            body = exchange.getResponseBody();
        }
        return body;
    }

    @Override
    public void write(final int b) throws IOException {
        body().write(b);
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException {
        body().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        body().flush();
    }

    @Override
    public void close() throws IOException {
        body().close();
    }
}
