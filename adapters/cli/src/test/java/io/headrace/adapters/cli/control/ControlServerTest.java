package io.headrace.adapters.cli.control;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.adapters.cli.TestStatus;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.TopicSelector;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

@Timeout(60)
class ControlServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private Bus bus;
    private ControlServer server;
    private TestEvents events;
    private volatile ServiceStatus status =
        TestStatus.of(Duration.ofSeconds(10), 100, Health.State.UP, "planning", "ledger");

    @BeforeEach
    void listen() throws IOException {
        bus = new Bus(new BusContext().ring(1024, 256));
        events = new TestEvents(bus);
        server = new ControlServer(
            new ControlOptions(true, "127.0.0.1", 0), () -> status, () -> bus, TestStatus.NO_PROMOTION);
    }

    @AfterEach
    void close() {
        server.close();
        bus.close();
    }

    private HttpResponse<String> get(final String pathAndQuery, final String... headers)
        throws IOException, InterruptedException {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + pathAndQuery));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends bytes that no decent client would send. */
    private String raw(final String request) throws IOException {
        try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        }
    }

    @Test
    void shouldTellTheStatusAsJson() throws Exception {
        final JsonNode shown = JSON.readTree(get("/status").body());
        assertEquals("plant-1", shown.get("name").asText());
        assertEquals("running", shown.get("state").asText());
        assertEquals(42, shown.get("sources").get(0).get("counters").get("retained-wal-bytes").asLong());
        final JsonNode flow = shown.get("flows").get(1);
        assertEquals("ledger", flow.get("name").asText());
        assertEquals("block", flow.get("whenFull").asText());
        assertEquals(6_000_000, flow.get("latencyNs").get("total").get("p99").asLong());
        assertEquals(1_000, flow.get("intervalLatencyNs").get("source").get("p50").asLong());
        assertEquals(false, flow.get("objectives").get(0).get("met").asBoolean());
    }

    @Test
    void shouldTellTheStatusAsTextWhenAsked() throws Exception {
        final String text = get("/status", "Accept", "text/plain").body();
        assertTrue(text.startsWith("headrace plant-1  running  up 0:00:10\n"), text);
        assertTrue(text.contains("ledger"), text);
    }

    @Test
    void shouldTellTheHealthByTheStatusOfHttp() throws Exception {
        assertEquals(200, get("/health").statusCode());
        status = TestStatus.of(Duration.ofSeconds(10), 100, Health.State.DOWN, "planning");
        final HttpResponse<String> ill = get("/health");
        assertEquals(503, ill.statusCode());
        final JsonNode flow = JSON.readTree(ill.body()).get("parts").get(1);
        assertEquals("down", flow.get("health").asText());
        assertEquals("the target is away", flow.get("reason").asText());
    }

    @Test
    void shouldTellTheLatenciesAsALogOfHistograms() throws Exception {
        try (BufferedReader lines = tail("*", OptionalLong.empty())) {
            lines.readLine();
            events.publish("erp.a", "x");
            events.publish("erp.a", "x");
            await().until(() -> bus.subscriptions().get(0).status().delivered() == 2);
            assertTrue(get("/latencies").body().startsWith("#[Histogram log format version"));
            final Map<Stage, Histogram> tail = new ControlClient(server.uri()).latencies().get("tail-1");
            assertEquals(2, tail.get(Stage.TRANSPORT).getTotalCount());
            assertEquals(Stage.values().length, tail.size());
        }
    }

    @Test
    void shouldRefuseALogThatIsNone() throws Exception {
        assertThrows(IOException.class, () ->
            LatencyLog.read("#[Histogram log format version 1.3]\nTag=x/total,1.0,1.0,1.0,HISTxxxx"));
        assertEquals(Map.of(), LatencyLog.read("#[Histogram log format version 1.3]\n"));
        assertThrows(IOException.class, () -> LatencyLog.read("<html>"));
    }

    @Test
    void shouldStreamSelectedEventsUntilTheLimit() throws Exception {
        try (BufferedReader lines = tail("erp.*,line.fault", OptionalLong.of(3))) {
            assertEquals("", lines.readLine());
            for (final String topic : List.of("erp.a", "line.ok", "line.fault", "other", "erp.b", "erp.c")) {
                events.publish(topic, "body of " + topic);
            }
            for (final String topic : List.of("erp.a", "line.fault", "erp.b")) {
                final JsonNode event = JSON.readTree(nextEvent(lines));
                assertEquals(topic, event.get("topic").asText());
                assertEquals("body of " + topic, event.get("payload").get("bodyText").asText());
            }
            assertNull(nextEvent(lines));
        }
        await().until(() -> bus.subscriptions().isEmpty());
    }

    private BufferedReader tail(final String topics, final OptionalLong limit) throws Exception {
        return reader(new ControlClient(server.uri()).events(List.of(topics.split(",")), limit));
    }

    private static BufferedReader reader(final InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    private static String nextEvent(final BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void shouldTellASlowClientWhatItMissed() throws Exception {
        final int publishedCount = 40_000;
        final String body = "x".repeat(1000);
        try (BufferedReader lines = tail("*", OptionalLong.empty())) {
            lines.readLine();
            // Nobody reads: the sockets' buffers fill, then the ring, and the tail is moved out of the way.
            for (int i = 0; i < publishedCount; i++) {
                events.publish("erp.a", body);
            }
            await().until(() -> bus.subscriptions().get(0).status().dropped() > 0);
            long accountedCount = 0;
            long droppedCount = 0;
            while (accountedCount < publishedCount) {
                final JsonNode line = JSON.readTree(nextEvent(lines));
                droppedCount += line.path("dropped").asLong();
                accountedCount += line.has("dropped") ? line.get("dropped").asLong() : 1;
            }
            assertEquals(publishedCount, accountedCount);
            assertTrue(droppedCount > 0 && droppedCount < publishedCount, "droppedCount=" + droppedCount);
        }
    }

    @Test
    void shouldRefuseMoreTailsThanItsBoundAndForgetThoseThatWentAway() throws Exception {
        final List<BufferedReader> tails = new ArrayList<>();
        for (int i = 0; i < Tails.MAX_TAILS; i++) {
            tails.add(tail("*", OptionalLong.empty()));
        }
        final HttpResponse<String> refused = get("/events");
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("There are 8 tails already."), refused.body());
        assertEquals(200, get("/status").statusCode());
        for (final BufferedReader tail : tails) {
            tail.close();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> bus.subscriptions().isEmpty());
        tail("*", OptionalLong.empty()).close();
    }

    @Test
    void shouldNotTakeTheNameOfAFlow() throws Exception {
        bus.subscribe(new SubscriptionContext().name("tail-1").topics(TopicSelector.all()), lane -> new TailSink(
            OutputStream.nullOutputStream(), 1, () -> 0));
        try (BufferedReader lines = tail("*", OptionalLong.of(1))) {
            lines.readLine();
            events.publish("erp.a", "x");
            assertTrue(nextEvent(lines).contains("erp.a"));
        }
    }

    @Test
    void shouldEndItsTailsWhenItCloses() throws Exception {
        try (BufferedReader lines = tail("*", OptionalLong.empty())) {
            lines.readLine();
            server.close();
            assertNull(nextEvent(lines));
        }
        assertTrue(bus.subscriptions().isEmpty());
    }

    @Test
    void shouldEndItsTailsWhenTheBusCloses() throws Exception {
        try (BufferedReader lines = tail("*", OptionalLong.empty())) {
            lines.readLine();
            bus.close();
            assertNull(nextEvent(lines));
        }
        assertEquals(503, get("/events").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "topics=", "topics=a*b", "topics=a,,b", "limit=0", "limit=-1", "limit=ten", "limit=99999999999999999999",
        "limit", "topics=%zz", "offset=3"})
    void shouldRefuseAMalformedQueryWithAReason(final String query) throws Exception {
        final String request = "GET /events?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assertTrue(raw(request).startsWith("HTTP/1.1 400 "), query);
    }

    @Test
    void shouldSayWhatIsWrongWithAQuery() throws Exception {
        final HttpResponse<String> refused = get("/events?limit=ten");
        assertEquals(400, refused.statusCode());
        assertEquals("The limit is not a number of events.", JSON.readTree(refused.body()).get("error").asText());
        final ControlClient.RefusedException e = assertThrows(ControlClient.RefusedException.class,
            () -> new ControlClient(server.uri()).events(List.of("a*b"), OptionalLong.empty()));
        assertTrue(e.isMalformedRequest() && e.getMessage().contains("topic=a*b"), e.getMessage());
    }

    @Test
    void shouldRefuseAnEndlessQuery() throws Exception {
        assertEquals(400, get("/events?topics=" + "a".repeat(9000)).statusCode());
    }

    @ParameterizedTest
    @CsvSource({"POST, /status, 405", "DELETE, /events, 405", "GET, /statusx, 404", "GET, /status/x, 404",
        "GET, /nothing, 404", "GET, /, 200"})
    void shouldAnswerOnlyWhatItShows(final String method, final String path, final int expected) throws Exception {
        assertTrue(raw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .startsWith("HTTP/1.1 " + expected + " "));
    }

    @ParameterizedTest
    @CsvSource({"localhost, 200", "127.0.0.1:7475, 200", "LOCALHOST:1, 200", "[::1]:7475, 200",
        "evil.example, 403", "evil.example:7475, 403", "127.0.0.1.evil.example, 403", "10.0.0.1, 403", "'', 403"})
    void shouldAnswerOnlyThoseWhoMeanThisService(final String host, final int expected) throws Exception {
        assertTrue(raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
            .startsWith("HTTP/1.1 " + expected + " "));
    }

    @Test
    void shouldRefuseRequestsFromWebPages() throws Exception {
        assertEquals(403, get("/status", "Origin", "http://evil.example").statusCode());
        assertEquals(403, get("/status", "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(200, get("/status", "Sec-Fetch-Site", "none").statusCode());
    }
}
