package io.headrace.perf.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A measurement's main thread: its {@code --name value} arguments. */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads the arguments.
     *
     * @param args  of the program.
     * @param known the names that it understands.
     * @throws IllegalArgumentException when there is another one, or a value is missing.
     */
    public Arguments(final String[] args, final String... known) {
        final List<String> names = Arrays.asList(known);
        for (int i = 0; i < args.length; i += 2) {
            final String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!names.contains(name) || i + 1 == args.length) {
                throw new IllegalArgumentException(
                    "'" + args[i] + "' is not understood; use --" + String.join(" VALUE, --", known) + " VALUE");
            }
            values.put(name, args[i + 1]);
        }
    }

    /**
     * A text.
     *
     * @param name         of the argument.
     * @param defaultValue when it is not given.
     * @return the value.
     */
    public String text(final String name, final String defaultValue) {
        return values.getOrDefault(name, defaultValue);
    }

    /**
     * A number.
     *
     * @param name         of the argument.
     * @param defaultValue when it is not given.
     * @return the value.
     */
    public int number(final String name, final int defaultValue) {
        return values.containsKey(name) ? Integer.parseInt(values.get(name)) : defaultValue;
    }
}
