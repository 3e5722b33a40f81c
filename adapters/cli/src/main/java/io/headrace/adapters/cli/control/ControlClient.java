package io.headrace.adapters.cli.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.bus.latency.Stage;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Asks a running service through its control endpoint. Owned by one thread, which waits for the answers. */
public final class ControlClient {
    static final String ERROR_FIELD = "error";
    static final String REMEDY_FIELD = "remedy";
    static final String OUTCOME_FIELD = "outcome";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Longer than the service takes before it says that it goes on by itself. */
    private static final Duration PARKED_TIMEOUT = Duration.ofSeconds(300);
    private static final int MAX_FAILURE_BYTES = 64 * 1024;

    private final HttpClient http;
    private final URI service;
    private final Duration timeout;

    /**
     * Makes a client; it does not connect yet.
     *
     * @param service the address of the control endpoint.
     */
    public ControlClient(final URI service) {
        this(service, TIMEOUT);
    }

    /**
     * Makes a client; it does not connect yet.
     *
     * @param service the address of the control endpoint.
     * @param timeout how long to wait for a connection, and for the beginning of an answer.
     */
    public ControlClient(final URI service, final Duration timeout) {
        this.service = service;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    /**
     * The address of a control endpoint.
     *
     * @param host       that it listens on; where that means every address, the loopback one is used.
     * @param portNumber that it listens on.
     * @return the address.
     */
    public static URI uri(final String host, final int portNumber) {
        final String reachable = switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "::1";
            default -> host;
        };
        final boolean bare = reachable.contains(":") && !reachable.startsWith("[");
        return URI.create("http://" + (bare ? "[" + reachable + "]" : reachable) + ":" + portNumber);
    }

    /**
     * The status of the service.
     *
     * @param json whether as JSON; otherwise as text.
     * @return the document.
     * @throws IOException          when the service cannot be reached.
     * @throws RefusedException     when the service refuses.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public String status(final boolean json) throws IOException, RefusedException, InterruptedException {
        try (InputStream body = get("/status", json ? "application/json" : "text/plain")) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * The latencies of all flows since the service's start.
     *
     * @return histograms of nanoseconds by flow and stage, the caller's to keep.
     * @throws IOException          when the service cannot be reached.
     * @throws RefusedException     when the service refuses.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public Map<String, Map<Stage, Histogram>> latencies()
        throws IOException, RefusedException, InterruptedException {
        try (InputStream body = get("/latencies", "text/plain")) {
            return LatencyLog.read(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Follows the events.
     *
     * @param topics names, or prefixes with a trailing {@code *}.
     * @param limit  how many events; empty for no end.
     * @return lines of JSON, and empty ones while there is nothing to tell; the caller closes it.
     * @throws IOException          when the service cannot be reached.
     * @throws RefusedException     when the service refuses.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public InputStream events(final List<String> topics, final OptionalLong limit)
        throws IOException, RefusedException, InterruptedException {
        final String selected = URLEncoder.encode(String.join(",", topics), StandardCharsets.UTF_8);
        return get("/events?topics=" + selected + (limit.isPresent() ? "&limit=" + limit.getAsLong() : ""),
            "application/x-ndjson");
    }

    /**
     * Replays or drops parked events, and waits for what comes of it.
     *
     * @param drop      whether they are given up; otherwise their sink gets them again.
     * @param flow      whose they are.
     * @param selection which of them.
     * @return the outcome, as JSON.
     * @throws IOException          when the service cannot be reached.
     * @throws RefusedException     when the service refuses.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public String resolveParked(final boolean drop, final String flow, final ParkedQuery selection)
        throws IOException, RefusedException, InterruptedException {
        final String path = (drop ? "/parked/drop" : "/parked/replay") + "?flow=" +
            URLEncoder.encode(flow, StandardCharsets.UTF_8) + "&" + selection.text();
        final HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
            .version(HttpClient.Version.HTTP_1_1).timeout(PARKED_TIMEOUT).header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.noBody()).build();
        try (InputStream body = send(request)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Makes the service the leader, and waits until it is.
     *
     * @param force    whether also without the consent of the present leader.
     * @param patience how long the service may wait for that leader, and until what it has is recorded.
     * @return what came of it, as JSON.
     * @throws IOException          when the service cannot be reached.
     * @throws RefusedException     when the service refuses.
     * @throws InterruptedException when the waiting thread is interrupted.
     */
    public String promote(final boolean force, final Duration patience)
        throws IOException, RefusedException, InterruptedException {
        final HttpRequest request = HttpRequest.newBuilder(
                service.resolve("/promote?timeoutMs=" + patience.toMillis() + "&force=" + force))
            .version(HttpClient.Version.HTTP_1_1).timeout(patience.plus(PARKED_TIMEOUT))
            .header("Accept", "application/json").POST(HttpRequest.BodyPublishers.noBody()).build();
        try (InputStream body = send(request)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads what came of a promotion.
     *
     * @param json as {@link #promote} returned it.
     * @return the sentence.
     * @throws IOException when it is no such answer.
     */
    public static String outcome(final String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING && OUTCOME_FIELD.equals(parser.currentName())) {
                    return parser.getText();
                }
            }
        }
        throw new IOException("this is no answer of a service: " + json);
    }

    private InputStream get(final String pathAndQuery, final String accept)
        throws IOException, RefusedException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(pathAndQuery))
            .version(HttpClient.Version.HTTP_1_1).timeout(timeout).header("Accept", accept).build());
    }

    private InputStream send(final HttpRequest request) throws IOException, RefusedException, InterruptedException {
        final HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == HttpURLConnection.HTTP_OK) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw refusal(response.statusCode(), body.readNBytes(MAX_FAILURE_BYTES));
        }
    }

    private static RefusedException refusal(final int status, final byte[] body) {
        String error = "";
        String remedy = "";
        try (JsonParser json = new JsonFactory().createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && ERROR_FIELD.equals(json.currentName())) {
                    error = json.getText();
                } else if (json.currentToken() == JsonToken.VALUE_STRING && REMEDY_FIELD.equals(json.currentName())) {
                    remedy = json.getText();
                }
            }
        } catch (final IOException e) {
            // Whatever answered is no Headrace service.
            return new RefusedException(status, "What answers there is no Headrace service (HTTP " + status + ").", e);
        }
        return error.isEmpty() ?
            new RefusedException(status, "What answers there is no Headrace service (HTTP " + status + ").", null) :
            new RefusedException(status, (error + " " + remedy).strip(), null);
    }

    /** The service answered, and refused. Thrown on the thread that asked. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(final int status, final String message, final Throwable cause) {
            super(message, cause);
            this.status = status;
        }

        /**
         * Whether what was asked for is wrong, so that asking again cannot help.
         *
         * @return true for a malformed request.
         */
        public boolean isMalformedRequest() {
            return status == HttpURLConnection.HTTP_BAD_REQUEST;
        }
    }
}
