package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.adapters.cli.report.StatusJson;
import io.headrace.adapters.cli.report.StatusTable;
import io.headrace.bus.Bus;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.config.ServiceOptions.ControlOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The control endpoint of a running service, over HTTP: {@code /status}, {@code /health}, {@code /latencies} and
 * {@code /events}. Started and closed by the thread that runs the service; requests have threads of their own, a
 * bounded number.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final String GET = "GET";
    private static final String POST = "POST";
    private static final String PATHS = """
        Headrace. For GET:
        /status     the service, its sources and its flows; text with "Accept: text/plain", otherwise JSON
        /health     200 when all of it works, otherwise 503
        /latencies  of all flows and stages since the start, as HdrHistogram's log (.hlog), in nanoseconds
        /events     follows the events as JSON lines; ?topics=erp.*,line.* and ?limit=10 select
        For POST, with ?flow=NAME and one of all=true, sequence=N, or key=BASE64URL and topic=NAME:
        /parked/replay   gives parked events to their sink again
        /parked/drop     gives parked events up
        For POST, with ?timeoutMs=30000 and force=true or force=false:
        /promote         makes a replica the leader
        """;
    private static final int OTHER_REQUESTS = 8;
    private static final int BACKLOG = 16;
    private static final int THREAD_KEEP_ALIVE_S = 10;
    private static final int TAILS_TIMEOUT_MS = 1000;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Tails tails;
    private final URI uri;

    static {
        // Read once by the JDK's server: a client that sends its request slowly, or never, holds nothing for long.
        setUnlessSet("sun.net.httpserver.maxReqTime", "10");
        setUnlessSet("jdk.httpserver.maxConnections", "64");
        setUnlessSet("sun.net.httpserver.nodelay", "true");
    }

    private static void setUnlessSet(final String property, final String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Starts to listen.
     *
     * @param options   where to listen.
     * @param status    tells how the service is; called on the threads of requests.
     * @param bus       whose events are shown; asked for with each request, as a replica may open another one.
     * @param promotion makes the service the leader.
     * @throws IOException when the address cannot be listened on.
     */
    public ControlServer(
        final ControlOptions options, final Supplier<ServiceStatus> status, final Supplier<Bus> bus,
        final Promotion promotion) throws IOException {
        server = HttpServer.create(
            new InetSocketAddress(InetAddress.getByName(options.host()), options.port()), BACKLOG);
        uri = ControlClient.uri(options.host(), server.getAddress().getPort());
        final PresentBus present = new PresentBus(bus);
        tails = new Tails(present);
        final AtomicInteger threadNumber = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, Tails.MAX_TAILS + OTHER_REQUESTS, THREAD_KEEP_ALIVE_S, TimeUnit.SECONDS,
            new SynchronousQueue<>(), work -> {
                final Thread thread = new Thread(work, "headrace-control-" + threadNumber.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        server.setExecutor(threads);
        final HostPolicy hostPolicy = new HostPolicy(options.host());
        final ParkedRequests parked = new ParkedRequests(present);
        add(GET, "/", hostPolicy, exchange -> Responses.text(exchange, HttpURLConnection.HTTP_OK, PATHS));
        add(GET, "/status", hostPolicy, exchange -> status(exchange, status.get()));
        add(GET, "/health", hostPolicy, exchange -> health(exchange, status.get()));
        add(GET, "/latencies", hostPolicy, exchange -> latencies(exchange, status.get(), present.require()));
        add(GET, "/events", hostPolicy, tails::answer);
        add(POST, "/parked/replay", hostPolicy, exchange -> parked.answer(exchange, false));
        add(POST, "/parked/drop", hostPolicy, exchange -> parked.answer(exchange, true));
        add(POST, "/promote", hostPolicy, new PromoteRequests(promotion)::answer);
        server.start();
        LOG.info("The control endpoint listens on {}", uri);
    }

    private void add(
        final String method, final String path, final HostPolicy hostPolicy, final Endpoint.Answer answer) {
        server.createContext(path, new Endpoint(method, path, hostPolicy, answer));
    }

    private static void status(final HttpExchange exchange, final ServiceStatus status) throws IOException {
        final String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (accept != null && accept.startsWith("text/plain")) {
            Responses.text(exchange, HttpURLConnection.HTTP_OK, String.join("\n", StatusTable.lines(status)) + "\n");
        } else {
            Responses.json(exchange, HttpURLConnection.HTTP_OK, json -> StatusJson.write(status, json));
        }
    }

    private static void health(final HttpExchange exchange, final ServiceStatus status) throws IOException {
        Responses.json(exchange,
            HealthJson.isHealthy(status) ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
            json -> HealthJson.write(status, json));
    }

    private static void latencies(final HttpExchange exchange, final ServiceStatus status, final Bus bus)
        throws IOException {
        Responses.text(exchange, HttpURLConnection.HTTP_OK,
            LatencyLog.write(bus.subscriptions(), status.startedAt(), status.uptime()));
    }

    /**
     * Where clients reach it.
     *
     * @return the address, with the port that was taken.
     */
    public URI uri() {
        return uri;
    }

    /** Ends the tails, then everything else. Closing again does nothing. */
    @Override
    public void close() {
        try {
            tails.close(TAILS_TIMEOUT_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
