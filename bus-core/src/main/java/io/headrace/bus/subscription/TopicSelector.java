package io.headrace.bus.subscription;

import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Selects events by topic: an exact name, or a prefix with a trailing {@code *}. Immutable; matching allocates
 * nothing.
 */
public final class TopicSelector {
    /** The most patterns of one selector: each is compared in turn. */
    public static final int MAX_PATTERNS = 1024;

    private static final String ANY = "*";

    private final List<String> patterns;
    private final byte[][] exactNames;
    private final byte[][] prefixes;

    private TopicSelector(final List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        final List<byte[]> exact = new ArrayList<>();
        final List<byte[]> prefix = new ArrayList<>();
        for (final String pattern : patterns) {
            final int star = pattern.indexOf('*');
            if (pattern.isEmpty() || star >= 0 && star < pattern.length() - 1) {
                throw new IllegalArgumentException(
                    "topic=" + pattern + " is neither a name nor a prefix with one trailing *");
            }
            if (star < 0) {
                exact.add(pattern.getBytes(StandardCharsets.UTF_8));
            } else {
                prefix.add(pattern.substring(0, star).getBytes(StandardCharsets.UTF_8));
            }
        }
        exactNames = exact.toArray(byte[][]::new);
        prefixes = prefix.toArray(byte[][]::new);
    }

    /**
     * Selects by patterns.
     *
     * @param patterns at least one exact name or prefix with a trailing {@code *}.
     * @return the selector.
     * @throws IllegalArgumentException when there is none, too many, or one is malformed.
     */
    public static TopicSelector of(final List<String> patterns) {
        if (patterns.isEmpty() || patterns.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException(
                "patterns=" + patterns.size() + " is not between 1 and " + MAX_PATTERNS);
        }
        return new TopicSelector(patterns);
    }

    /**
     * Selects by patterns.
     *
     * @param patterns as for {@link #of(List)}.
     * @return the selector.
     */
    public static TopicSelector of(final String... patterns) {
        return of(List.of(patterns));
    }

    /** {@return a selector of every event} */
    public static TopicSelector all() {
        return of(ANY);
    }

    /**
     * Whether a topic is selected.
     *
     * @param buffer      that holds the topic.
     * @param offset      where it begins.
     * @param lengthBytes its length.
     * @return true when it is.
     */
    public boolean matches(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        for (final byte[] prefix : prefixes) {
            if (prefix.length <= lengthBytes && startsWith(buffer, offset, prefix)) {
                return true;
            }
        }
        for (final byte[] name : exactNames) {
            if (name.length == lengthBytes && startsWith(buffer, offset, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(final DirectBuffer buffer, final int offset, final byte[] expected) {
        // From the end: topics of one source share their beginnings.
        for (int i = expected.length - 1; i >= 0; i--) {
            if (buffer.getByte(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@return the patterns as given} */
    public List<String> patterns() {
        return patterns;
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
