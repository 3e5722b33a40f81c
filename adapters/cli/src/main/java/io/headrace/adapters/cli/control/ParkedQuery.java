package io.headrace.adapters.cli.control;

import io.headrace.bus.delivery.ParkedSelection;

import java.net.HttpURLConnection;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Which parked events of a flow a request means. Immutable; both sides use it.
 *
 * @param sequence of one event.
 * @param topic    of the events of one key.
 * @param key      the bytes of that key; not to be changed. Without it and without a sequence all are meant.
 */
public record ParkedQuery(Optional<Long> sequence, String topic, Optional<byte[]> key) {
    private static final int MAX_QUERY_CHARS = 8 * 1024;

    /** A request as it came: the flow, and which of its events. */
    record Parsed(String flow, ParkedSelection selection) {
    }

    /** {@return the query that means everything} */
    public static ParkedQuery all() {
        return new ParkedQuery(Optional.empty(), "", Optional.empty());
    }

    /**
     * One event.
     *
     * @param sequence of the event.
     * @return the query.
     */
    public static ParkedQuery ofSequence(final long sequence) {
        return new ParkedQuery(Optional.of(sequence), "", Optional.empty());
    }

    /**
     * The events of one key.
     *
     * @param topic of the events.
     * @param key   the bytes of the key.
     * @return the query.
     */
    public static ParkedQuery ofKey(final String topic, final byte[] key) {
        return new ParkedQuery(Optional.empty(), topic, Optional.of(key.clone()));
    }

    /** As it stands in a URL. */
    String text() {
        if (sequence.isPresent()) {
            return "sequence=" + sequence.get();
        }
        return key.map(bytes -> "topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8) + "&key=" +
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)).orElse("all=true");
    }

    /** Parses the query of a request, as it came from outside. */
    static Parsed parse(final String rawQuery) throws RequestException {
        if (rawQuery == null || rawQuery.length() > MAX_QUERY_CHARS) {
            throw bad("There is no query, or it is too long.");
        }
        String flow = "";
        String topic = "";
        String key = null;
        String sequence = null;
        boolean all = false;
        try {
            for (final String parameter : rawQuery.split("&")) {
                final int equals = parameter.indexOf('=');
                final String value = equals < 0 ? "" :
                    URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
                switch (equals < 0 ? parameter : parameter.substring(0, equals)) {
                    case "flow" -> flow = value;
                    case "topic" -> topic = value;
                    case "key" -> key = value;
                    case "sequence" -> sequence = value;
                    case "all" -> all = "true".equals(value);
                    default -> throw bad("A parameter of the query is not known.");
                }
            }
            if ((sequence == null ? 0 : 1) + (key == null ? 0 : 1) + (all ? 1 : 0) != 1 || flow.isEmpty()) {
                throw bad("The query does not say which events are meant.");
            }
            return new Parsed(flow, all ? ParkedSelection.all() :
                sequence != null ? ParkedSelection.sequence(Long.parseLong(sequence)) :
                ParkedSelection.key(topic, Base64.getUrlDecoder().decode(key)));
        } catch (final IllegalArgumentException e) {
            throw bad("The query cannot be read.");
        }
    }

    private static RequestException bad(final String message) {
        return new RequestException(HttpURLConnection.HTTP_BAD_REQUEST, message,
            "Give flow=NAME and one of all=true, sequence=N, or key=BASE64URL with topic=NAME.");
    }
}
