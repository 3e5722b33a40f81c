package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the descriptions of options from records. Safe for any thread; holds no state. */
public final class OptionDescriptors {
    private static final Map<Class<?>, OptionKind> SCALAR_KINDS = Map.ofEntries(
        Map.entry(String.class, OptionKind.TEXT),
        Map.entry(boolean.class, OptionKind.BOOLEAN),
        Map.entry(Boolean.class, OptionKind.BOOLEAN),
        Map.entry(int.class, OptionKind.INT),
        Map.entry(Integer.class, OptionKind.INT),
        Map.entry(long.class, OptionKind.LONG),
        Map.entry(Long.class, OptionKind.LONG),
        Map.entry(double.class, OptionKind.DOUBLE),
        Map.entry(Double.class, OptionKind.DOUBLE),
        Map.entry(Duration.class, OptionKind.DURATION),
        Map.entry(ByteSize.class, OptionKind.BYTE_SIZE),
        Map.entry(Secret.class, OptionKind.SECRET));

    private OptionDescriptors() {
    }

    /**
     * Describes the options of a record.
     *
     * @param optionsType the record, each of its components annotated with {@link Option}.
     * @return the options in the order of the components.
     * @throws IllegalArgumentException when the record is no valid options record: a component without annotation, of
     *                                  a type that a configuration cannot write, or with a default, a bound or an
     *                                  example that is no value of its type.
     */
    public static List<OptionDescriptor> of(final Class<? extends Record> optionsType) {
        return describe(optionsType, new ArrayDeque<>());
    }

    private static List<OptionDescriptor> describe(final Class<?> recordType, final Deque<Class<?>> outer) {
        if (outer.contains(recordType)) {
            throw new IllegalArgumentException("options record " + recordType.getName() + " contains itself");
        }
        outer.push(recordType);
        final List<OptionDescriptor> descriptors = new ArrayList<>();
        for (final RecordComponent component : recordType.getRecordComponents()) {
            descriptors.add(describe(component, outer));
        }
        outer.pop();
        return List.copyOf(descriptors);
    }

    private static OptionDescriptor describe(final RecordComponent component, final Deque<Class<?>> outer) {
        final String where = component.getDeclaringRecord().getName() + "." + component.getName();
        final Option option = component.getAnnotation(Option.class);
        if (option == null) {
            throw new IllegalArgumentException("component " + where + " lacks @Option");
        }
        final OptionType type = type(component.getGenericType(), where, outer);
        final Optional<String> defaultValue =
            Option.NONE.equals(option.defaultValue()) ? Optional.empty() : Optional.of(option.defaultValue());
        final OptionDescriptor descriptor = new OptionDescriptor(
            Names.kebab(component.getName()), component.getName(), type,
            defaultValue.isEmpty() && isRequired(type, option), defaultValue,
            nonEmpty(option.min()), nonEmpty(option.max()), nonEmpty(option.example()), option.value());
        requireSound(descriptor, where);
        return descriptor;
    }

    private static boolean isRequired(final OptionType type, final Option option) {
        return switch (type.kind()) {
            case OPTIONAL -> false;
            case LIST, MAP -> !option.min().isEmpty() && !"0".equals(option.min());
            case RECORD -> type.nested().stream().anyMatch(OptionDescriptor::required);
            default -> true;
        };
    }

    private static void requireSound(final OptionDescriptor descriptor, final String where) {
        try {
            Bounds.of(descriptor);
            descriptor.defaultValue().ifPresent(written -> OptionBinder.literal(descriptor, written));
            // An example may show where a value comes from instead of the value.
            descriptor.example().filter(written -> !written.contains("${"))
                .ifPresent(written -> OptionBinder.literal(descriptor, written));
        } catch (final BadValueException | IllegalArgumentException e) {
            throw new IllegalArgumentException("component " + where + ": " + e.getMessage(), e);
        }
    }

    private static OptionType type(final Type type, final String where, final Deque<Class<?>> outer) {
        if (type instanceof ParameterizedType parameterized) {
            final Class<?> raw = (Class<?>)parameterized.getRawType();
            final Type[] arguments = parameterized.getActualTypeArguments();
            if (raw == Optional.class) {
                return container(OptionKind.OPTIONAL, raw, type(arguments[0], where, outer));
            }
            if (raw == List.class) {
                return container(OptionKind.LIST, raw, type(arguments[0], where, outer));
            }
            if (raw == Map.class && arguments[0] == String.class) {
                return container(OptionKind.MAP, raw, type(arguments[1], where, outer));
            }
        } else if (type instanceof Class<?> raw) {
            final OptionKind kind = SCALAR_KINDS.get(raw);
            if (kind != null) {
                return new OptionType(kind, raw, Optional.empty(), List.of(), List.of());
            }
            if (raw.isEnum()) {
                final List<String> choices = Arrays.stream(raw.getEnumConstants())
                    .map(constant -> Names.kebab((Enum<?>)constant))
                    .toList();
                return new OptionType(OptionKind.CHOICE, raw, Optional.empty(), choices, List.of());
            }
            if (raw.isRecord()) {
                return new OptionType(OptionKind.RECORD, raw, Optional.empty(), List.of(), describe(raw, outer));
            }
        }
        throw new IllegalArgumentException("component " + where + " is of a type that is no option: " + type);
    }

    private static OptionType container(final OptionKind kind, final Class<?> raw, final OptionType element) {
        return new OptionType(kind, raw, Optional.of(element), List.of(), List.of());
    }

    private static Optional<String> nonEmpty(final String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
