package io.headrace.adapters.json;

import java.util.ArrayList;
import java.util.List;

/**
 * One thread's: reads PostgreSQL's array literals ({@code {1,NULL,"a b"}}, nested, with lower bounds in front) into
 * lists of strings, nulls and lists.
 */
final class PostgresArray {
    private static final int MAX_DEPTH = 6;

    private final String text;
    private int at;

    private PostgresArray(final String text, final int from) {
        this.text = text;
        at = from;
    }

    /** The elements, or null when the text is no array literal. */
    static List<Object> parse(final String text) {
        final int boundsEnd = text.startsWith("[") ? text.indexOf("={") + 1 : 0;
        final PostgresArray parser = new PostgresArray(text, boundsEnd);
        final List<Object> elements = parser.array(1);
        return parser.at == text.length() ? elements : null;
    }

    private List<Object> array(final int depth) {
        if (depth > MAX_DEPTH || !take('{')) {
            return null;
        }
        final List<Object> elements = new ArrayList<>();
        if (take('}')) {
            return elements;
        }
        do {
            if (at < text.length() && text.charAt(at) == '{') {
                final List<Object> inner = array(depth + 1);
                if (inner == null) {
                    return null;
                }
                elements.add(inner);
            } else if (!element(elements)) {
                return null;
            }
        } while (take(','));
        return take('}') ? elements : null;
    }

    private boolean element(final List<Object> elements) {
        return take('"') ? quoted(elements) : plain(elements);
    }

    private boolean quoted(final List<Object> elements) {
        final StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            final char c = text.charAt(at++);
            if (c == '"') {
                elements.add(value.toString());
                return true;
            }
            if (c == '\\' && at < text.length()) {
                value.append(text.charAt(at++));
            } else {
                value.append(c);
            }
        }
        return false;
    }

    private boolean plain(final List<Object> elements) {
        final StringBuilder value = new StringBuilder();
        while (at < text.length() && ",{}\"".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (value.isEmpty()) {
            return false;
        }
        final String element = value.toString();
        elements.add("NULL".equalsIgnoreCase(element) ? null : element);
        return true;
    }

    private boolean take(final char expected) {
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }
}
