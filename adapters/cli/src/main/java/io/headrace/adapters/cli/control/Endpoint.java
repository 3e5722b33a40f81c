package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.HttpURLConnection;

/** What every path has in common: who may ask, and how failures are told. Runs on the thread of each exchange. */
final class Endpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final String method;
    private final String path;
    private final HostPolicy hostPolicy;
    private final Answer answer;

    /** Answers a request that may be answered. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, RequestException;
    }

    Endpoint(final String method, final String path, final HostPolicy hostPolicy, final Answer answer) {
        this.method = method;
        this.path = path;
        this.hostPolicy = hostPolicy;
        this.answer = answer;
    }

    @Override
    public void handle(final HttpExchange exchange) {
        try (exchange) {
            try {
                check(exchange);
                answer.to(exchange);
            } catch (final RequestException e) {
                LOG.debug("Refused {} {}: {}", exchange.getRequestMethod(), exchange.getRequestURI(), e.getMessage());
                Responses.failure(exchange, e);
            }
        } catch (final IOException e) {
            LOG.debug("The client of {} went away", path, e);
        } catch (final RuntimeException e) {
            LOG.error("A request for {} could not be answered", path, e);
        }
    }

    private void check(final HttpExchange exchange) throws RequestException {
        hostPolicy.check(exchange.getRequestHeaders());
        // The server hands over everything below a path; this is the path alone.
        if (!exchange.getRequestURI().getPath().equals(path)) {
            throw new RequestException(HttpURLConnection.HTTP_NOT_FOUND,
                "There is nothing at this path.", "Ask for /status, /health, /latencies or /events.");
        }
        if (!method.equals(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", method);
            throw new RequestException(HttpURLConnection.HTTP_BAD_METHOD,
                "The method is not " + method + ".", "GET".equals(method) ? "This path only shows; use GET." :
                "This path does something; use " + method + ".");
        }
    }
}
