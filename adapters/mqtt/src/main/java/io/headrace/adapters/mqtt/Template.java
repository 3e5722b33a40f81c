package io.headrace.adapters.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Any thread, immutable: text with placeholders in braces, which are names or the numbers of a topic's levels. It is
 * resolved once for each topic, so that resolving may allocate.
 */
final class Template {
    static final Set<String> SENSOR_NAMES = Set.of("topic", "#");
    static final Set<String> SOURCE_TOPIC_NAMES = Set.of("source", "topic", "dotted", "#");
    static final Set<String> EVENT_TOPIC_NAMES = Set.of("source", "topic", "dotted", "sensor", "#");
    static final Set<String> SINK_TOPIC_NAMES = Set.of("topic", "path", "key", "source", "kind", "id");
    static final String SENSOR_HELP = "use {topic} and {1}, {2} and so on";
    static final String SOURCE_TOPIC_HELP = "use {source}, {topic}, {dotted} and {1}, {2} and so on";
    static final String EVENT_TOPIC_HELP = "use {source}, {topic}, {dotted}, {sensor} and {1}, {2} and so on";
    static final String SINK_TOPIC_HELP = "use {topic}, {path}, {key}, {source}, {kind} and {id}";

    /** Literals at the even places, names of placeholders at the odd ones. */
    private final List<String> parts;

    private Template(final List<String> parts) {
        this.parts = parts;
    }

    /**
     * Takes a template apart.
     *
     * @throws IllegalArgumentException when a brace has no partner.
     */
    static Template parse(final String text) {
        final List<String> parts = new ArrayList<>();
        int from = 0;
        while (true) {
            final int open = text.indexOf('{', from);
            final int strayClose = text.indexOf('}', from);
            if (strayClose >= 0 && (open < 0 || strayClose < open)) {
                throw new IllegalArgumentException("'" + text + "' has a } without its {");
            }
            if (open < 0) {
                parts.add(text.substring(from));
                return new Template(List.copyOf(parts));
            }
            final int close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("'" + text + "' has a { without its }");
            }
            parts.add(text.substring(from, open));
            parts.add(text.substring(open + 1, close));
            from = close + 1;
        }
    }

    /**
     * What is wrong with a template.
     *
     * @param text  the template.
     * @param names of the placeholders that are allowed; {@code #} stands for the numbers from 1.
     * @return the problem, or empty.
     */
    static Optional<String> problem(final String text, final Set<String> names) {
        if (text.isEmpty()) {
            return Optional.of("the template is empty");
        }
        final Template template;
        try {
            template = parse(text);
        } catch (final IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
        for (int i = 1; i < template.parts.size(); i += 2) {
            final String name = template.parts.get(i);
            if (!names.contains(name) && !(names.contains("#") && isLevel(name))) {
                return Optional.of("{" + name + "} is not known here");
            }
        }
        return Optional.empty();
    }

    /** Whether a placeholder is the number of a level. */
    static boolean isLevel(final String name) {
        return name.matches("[1-9][0-9]{0,4}");
    }

    /**
     * Fills the placeholders in.
     *
     * @param values from a placeholder's name to its value, or to null where there is none.
     * @return the text, or null when a placeholder has no value.
     */
    String resolve(final UnaryOperator<String> values) {
        final StringBuilder text = new StringBuilder(parts.get(0));
        for (int i = 1; i < parts.size(); i += 2) {
            final String value = values.apply(parts.get(i));
            if (value == null) {
                return null;
            }
            text.append(value).append(parts.get(i + 1));
        }
        return text.toString();
    }
}
