package io.headrace.adapters.cli.control;

import io.headrace.bus.subscription.TopicSelector;

import java.net.HttpURLConnection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a client asks to see. Immutable.
 *
 * @param topics which events.
 * @param limit  how many of them, {@link Long#MAX_VALUE} for all.
 */
record TailRequest(TopicSelector topics, long limit) {
    private static final int MAX_QUERY_CHARS = 8 * 1024;

    /** Parses the query of a request, as it came from outside. */
    static TailRequest parse(final String rawQuery) throws RequestException {
        TopicSelector topics = TopicSelector.all();
        long limit = Long.MAX_VALUE;
        if (rawQuery == null || rawQuery.isEmpty()) {
            return new TailRequest(topics, limit);
        }
        if (rawQuery.length() > MAX_QUERY_CHARS) {
            throw bad("The query is longer than " + MAX_QUERY_CHARS + " characters.", "Select by prefixes, as erp.*.");
        }
        for (final String parameter : rawQuery.split("&")) {
            final int equals = parameter.indexOf('=');
            final String name = equals < 0 ? parameter : parameter.substring(0, equals);
            final String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
            switch (name) {
                case "topics" -> topics = topics(value);
                case "limit" -> limit = limit(value);
                default -> throw bad("A parameter of the query is not known.", "Use topics and limit.");
            }
        }
        return new TailRequest(topics, limit);
    }

    private static String decode(final String encoded) throws RequestException {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (final IllegalArgumentException e) {
            throw bad("The query is not encoded as URLs are.", "Encode special characters as %XX.");
        }
    }

    private static TopicSelector topics(final String value) throws RequestException {
        try {
            return TopicSelector.of(List.of(value.split(",", -1)));
        } catch (final IllegalArgumentException e) {
            throw bad("The topics cannot be selected: " + e.getMessage() + ".",
                "Give names, or prefixes with one '*' at their end, separated by commas.");
        }
    }

    private static long limit(final String value) throws RequestException {
        try {
            final long limit = Long.parseLong(value);
            if (limit > 0) {
                return limit;
            }
        } catch (final NumberFormatException e) {
            // Told below, together with numbers that are out of range.
        }
        throw bad("The limit is not a number of events.", "Give a whole number from 1.");
    }

    private static RequestException bad(final String message, final String remedy) {
        return new RequestException(HttpURLConnection.HTTP_BAD_REQUEST, message, remedy);
    }
}
