package io.headrace.adapters.json;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any thread, immutable: the name that a column's source has for its type, taken apart. Both of PostgreSQL's spellings
 * are known ({@code timestamptz(3)} and {@code timestamp(3) with time zone}), with its two marks of an array.
 *
 * @param base      the internal name, for example {@code timestamptz}, of the elements for an array.
 * @param precision the first modifier, or -1.
 * @param scale     the second modifier, or -1.
 * @param isArray   whether the type is an array of the base type.
 */
record TypeName(String base, int precision, int scale, boolean isArray) {
    static final int NONE = -1;
    private static final Pattern PARTS =
        Pattern.compile("([^(\\[]*)(?:\\((\\d+)(?:,\\s*(-?\\d+))?\\))?\\s*([^\\[]*?)((?:\\[\\d*])*)");
    private static final Map<String, String> INTERNAL_NAMES = Map.ofEntries(
        Map.entry("smallint", "int2"),
        Map.entry("integer", "int4"),
        Map.entry("int", "int4"),
        Map.entry("bigint", "int8"),
        Map.entry("real", "float4"),
        Map.entry("double precision", "float8"),
        Map.entry("boolean", "bool"),
        Map.entry("decimal", "numeric"),
        Map.entry("bit varying", "varbit"),
        Map.entry("time without time zone", "time"),
        Map.entry("time with time zone", "timetz"),
        Map.entry("timestamp without time zone", "timestamp"),
        Map.entry("timestamp with time zone", "timestamptz"));

    static TypeName of(final String text) {
        final Matcher matcher = PARTS.matcher(text);
        if (!matcher.matches()) {
            return new TypeName(text, NONE, NONE, false);
        }
        final String words = (matcher.group(1).trim() + " " + matcher.group(4).trim()).trim();
        final boolean isInternalArray = words.startsWith("_") || words.contains("._");
        final String plain = words.startsWith("_") ? words.substring(1) : words.replace("._", ".");
        return new TypeName(
            INTERNAL_NAMES.getOrDefault(plain, plain),
            number(matcher.group(2)),
            number(matcher.group(3)),
            isInternalArray || !matcher.group(5).isEmpty());
    }

    /** How many digits of a second's fraction a time of this type has. */
    int fractionDigits() {
        return precision == NONE ? 6 : precision;
    }

    private static int number(final String digits) {
        return digits == null ? NONE : Integer.parseInt(digits);
    }

    /** One thread's: the names met so far; a bound keeps a source with ever new names from filling the memory. */
    static final class Cache {
        private static final int MAX_NAMES = 4096;
        private final Map<String, TypeName> names = new HashMap<>();

        TypeName get(final String text) {
            if (names.size() >= MAX_NAMES) {
                names.clear();
            }
            return names.computeIfAbsent(text, TypeName::of);
        }
    }
}
