package io.headrace.adapters.testkit;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds what an options record leaves undocumented, and defaults that its types cannot hold. Owned by one thread. */
final class OptionRecordCheck {
    private static final Pattern DURATION = Pattern.compile("\\d+(ns|us|ms|s|m|h|d)");
    private static final Pattern BYTE_SIZE = Pattern.compile("\\d+(B|KiB|MiB|GiB)?");

    private final List<String> problems = new ArrayList<>();
    private final Set<Class<?>> seen = new HashSet<>();

    /**
     * Checks a record and those that it holds.
     *
     * @param type of the options.
     * @return what is wrong, each with the component's name.
     */
    static List<String> problems(final Class<?> type) {
        final OptionRecordCheck check = new OptionRecordCheck();
        check.record(type);
        return check.problems;
    }

    private void record(final Class<?> type) {
        if (seen.add(type)) {
            for (final RecordComponent component : type.getRecordComponents()) {
                component(type.getSimpleName() + "." + component.getName(), component);
            }
        }
    }

    private void component(final String name, final RecordComponent component) {
        final Option option = component.getAnnotation(Option.class);
        if (option == null) {
            problems.add(name + " has no @Option");
            return;
        }
        if (option.value().isBlank()) {
            problems.add(name + " has no description");
        }
        value(name, component.getGenericType(), option);
    }

    private void value(final String name, final Type type, final Option option) {
        if (type instanceof final ParameterizedType parameterized) {
            final Type[] arguments = parameterized.getActualTypeArguments();
            if (!option.defaultValue().equals(Option.NONE) && parameterized.getRawType() == Optional.class) {
                problems.add(name + " is an Optional with a default");
            }
            value(name, arguments[arguments.length - 1], option);
        } else if (type instanceof final Class<?> single) {
            if (single.isRecord() && single != ByteSize.class && single != Secret.class) {
                record(single);
            } else {
                for (final String text : List.of(option.defaultValue(), option.min(), option.max())) {
                    if (!text.isEmpty() && !text.equals(Option.NONE) && !parses(text, single)) {
                        problems.add(name + "=" + text + " is no " + single.getSimpleName());
                    }
                }
            }
        } else {
            problems.add(name + " has the type " + type + ", which no configuration can hold");
        }
    }

    private static boolean parses(final String text, final Class<?> type) {
        if (type == Duration.class) {
            return DURATION.matcher(text).matches();
        }
        if (type == ByteSize.class) {
            return BYTE_SIZE.matcher(text).matches();
        }
        if (type == boolean.class || type == Boolean.class) {
            return text.equals("true") || text.equals("false");
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(constant -> ((Enum<?>)constant).name())
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).replace('_', '-').equals(text));
        }
        return type == String.class || type == Secret.class || parsesAsNumber(text, type);
    }

    private static boolean parsesAsNumber(final String text, final Class<?> type) {
        try {
            if (type == int.class || type == Integer.class) {
                Integer.parseInt(text);
            } else if (type == long.class || type == Long.class) {
                Long.parseLong(text);
            } else {
                Double.parseDouble(text);
            }
            return true;
        } catch (final NumberFormatException ex) {
            return false;
        }
    }
}
