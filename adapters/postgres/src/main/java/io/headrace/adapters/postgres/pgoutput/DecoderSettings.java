package io.headrace.adapters.postgres.pgoutput;

import java.nio.file.Path;
import java.util.List;

/**
 * Immutable: what the decoder needs to know of the configuration.
 *
 * @param sourceName         first part of all topics.
 * @param tables             patterns of {@code schema.table} to publish; empty for all.
 * @param messagePrefixes    patterns of logical messages' prefixes to publish; empty for none.
 * @param messageContentType media type of published logical messages.
 * @param heartbeatPrefix    prefix of logical messages that are never published.
 * @param spillDirectory     where transactions in progress are kept.
 * @param spillLimitBytes    how much of them at the most.
 */
public record DecoderSettings(
    String sourceName,
    List<String> tables,
    List<String> messagePrefixes,
    String messageContentType,
    String heartbeatPrefix,
    Path spillDirectory,
    long spillLimitBytes) {

    /**
     * Whether a table's changes are published.
     *
     * @param qualifiedName schema and table, with a point between them.
     * @return true if so.
     */
    public boolean selectsTable(final String qualifiedName) {
        return tables.isEmpty() || tables.stream().anyMatch(pattern -> matches(pattern, qualifiedName));
    }

    boolean selectsMessage(final String prefix) {
        return !heartbeatPrefix.equals(prefix) &&
            messagePrefixes.stream().anyMatch(pattern -> matches(pattern, prefix));
    }

    /**
     * Compares with a pattern in which a star stands for any characters.
     *
     * @param pattern of a configuration.
     * @param text    compared with it.
     * @return true when the whole text matches.
     */
    public static boolean matches(final String pattern, final String text) {
        final String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(text);
        }
        if (!text.startsWith(parts[0])) {
            return false;
        }
        int position = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            final int found = text.indexOf(parts[i], position);
            if (found < 0) {
                return false;
            }
            position = found + parts[i].length();
        }
        final String last = parts[parts.length - 1];
        return text.length() - last.length() >= position && text.endsWith(last);
    }
}
