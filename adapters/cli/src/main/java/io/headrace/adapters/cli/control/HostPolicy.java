package io.headrace.adapters.cli.control;

import com.sun.net.httpserver.Headers;

import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests come from someone who means this service. Immutable, so safe for any thread.
 *
 * <p>A web page may point a name of its own at the loopback address and have a browser read the events from there (DNS
 * rebinding). The browser then sends the page's host name, so only the names that the service knows are answered.
 */
final class HostPolicy {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> WILDCARD = Set.of("0.0.0.0", "::", "[::]");
    /** An address cannot be rebound: only names are. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final String configuredHost;

    HostPolicy(final String configuredHost) {
        this.configuredHost = normal(configuredHost);
    }

    private static String normal(final String host) {
        final String lower = host.toLowerCase(Locale.ROOT);
        return lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower;
    }

    void check(final Headers headers) throws RequestException {
        final String header = headers.getFirst("Host");
        if (header == null || headers.get("Host").size() > 1 || !isKnown(header)) {
            throw new RequestException(HttpURLConnection.HTTP_FORBIDDEN,
                "The Host header does not name this service.", "Use " + configuredHost + " or a loopback address.");
        }
        final String site = headers.getFirst("Sec-Fetch-Site");
        if (headers.containsKey("Origin") || site != null && !"none".equals(site) && !"same-origin".equals(site)) {
            throw new RequestException(HttpURLConnection.HTTP_FORBIDDEN,
                "Requests from web pages are not answered.", "Use 'headrace tail' or 'headrace status'.");
        }
    }

    private boolean isKnown(final String header) {
        final String host = PORT.matcher(header.toLowerCase(Locale.ROOT)).replaceFirst("");
        return LOOPBACK.contains(host) || host.equals(configuredHost)
            || WILDCARD.contains(configuredHost) && ADDRESS.matcher(host).matches();
    }
}
