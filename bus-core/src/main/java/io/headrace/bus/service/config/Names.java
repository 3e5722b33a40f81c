package io.headrace.bus.service.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How names are written, shown and compared. Stateless. */
final class Names {
    /** What the name of a service, a source or a sink looks like. */
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

    /** What would be right, for a name that is not. */
    static final String NAME_REMEDY =
        "Use lower-case letters, digits and hyphens, beginning with a letter or a digit";

    /** The most characters of something from the file that a message shows. */
    private static final int MAX_SHOWN = 60;

    /** The longest text that is compared with the known ones: comparing takes time by the product of the lengths. */
    private static final int MAX_COMPARED = 100;

    private Names() {
    }

    static String kebab(final String component) {
        final StringBuilder name = new StringBuilder(component.length() + 4);
        for (int i = 0; i < component.length(); i++) {
            final char c = component.charAt(i);
            // "maxURLLength" is "max-url-length": a hyphen only where a word begins.
            final boolean begins = i > 0 && Character.isUpperCase(c) &&
                (!Character.isUpperCase(component.charAt(i - 1)) ||
                i + 1 < component.length() && Character.isLowerCase(component.charAt(i + 1)));
            if (begins) {
                name.append('-');
            }
            name.append(Character.toLowerCase(c));
        }
        return name.toString();
    }

    static String kebab(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A text from the file in quotes, without control characters, and cut when it is long. */
    static String shown(final String text) {
        return "'" + shownPlain(text) + "'";
    }

    static String shownPlain(final String text) {
        final StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN)
            .forEach(point -> shown.appendCodePoint(Character.isISOControl(point) ? '\uFFFD' : point));
        return shown.append(text.codePointCount(0, text.length()) > MAX_SHOWN ? "…" : "").toString();
    }

    /** "Did you mean 'x'? " when a known text is near, then the list of all known ones. */
    static String suggestion(final String unknown, final Collection<String> known) {
        final String list = known.isEmpty() ? "There are none" : "Known: " + String.join(", ", known);
        return nearest(unknown, known).map(near -> "Did you mean '" + near + "'? " + list).orElse(list);
    }

    static Optional<String> nearest(final String unknown, final Collection<String> known) {
        if (unknown.length() > MAX_COMPARED) {
            return Optional.empty();
        }
        final String written = unknown.toLowerCase(Locale.ROOT).replace('_', '-');
        String nearest = null;
        int nearestDistance = Integer.MAX_VALUE;
        for (final String candidate : known) {
            final int distance = editDistance(written, candidate);
            if (distance < nearestDistance && distance <= Math.max(1, candidate.length() / 3)) {
                nearest = candidate;
                nearestDistance = distance;
            }
        }
        // "slotName" for "slot-name": every capital costs a hyphen, which the distance alone would not forgive.
        final String asKebab = kebab(unknown);
        return known.contains(asKebab) ? Optional.of(asKebab) : Optional.ofNullable(nearest);
    }

    /** Insertions, deletions, replacements and swaps of neighbours from one text to the other. */
    static int editDistance(final String a, final String b) {
        final int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            distance[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            distance[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = best;
            }
        }
        return distance[a.length()][b.length()];
    }
}
