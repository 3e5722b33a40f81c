package io.headrace.bus.service.config;

import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.CheckedOptions.OptionProblem;
import io.headrace.bus.adapter.Secret;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binds the entries of a mapping to an options record, and goes on after a problem, so that all of them are found
 * together. Owned by the thread that loads a configuration.
 */
final class OptionBinder {
    private final ProblemCollector problems;
    private final ValueSubstitution substitution;

    OptionBinder(final ProblemCollector problems, final ValueSubstitution substitution) {
        this.problems = problems;
        this.substitution = substitution;
    }

    /** Binds a record whose options are all that the mapping may hold; empty after a problem. */
    <R extends Record> Optional<R> bindAll(final Class<R> type, final MappingEntries entries) {
        entries.refuseOthers(names(OptionDescriptors.of(type)), problems);
        return bind(type, entries);
    }

    /** Binds a record, and leaves it to the caller to look at other entries; empty after a problem. */
    <R extends Record> Optional<R> bind(final Class<R> type, final MappingEntries entries) {
        return bindRecord(type, OptionDescriptors.of(type), entries).map(type::cast);
    }

    static List<String> names(final List<OptionDescriptor> descriptors) {
        return descriptors.stream().map(OptionDescriptor::name).toList();
    }

    /** The text of a scalar after substitution; empty after a problem. */
    Optional<String> text(final MappingEntries.Entry entry) {
        return scalarText(entry.value(), entry.place(), "text");
    }

    private Optional<Object> bindRecord(
        final Class<?> type, final List<OptionDescriptor> descriptors, final MappingEntries entries) {
        final Object[] values = new Object[descriptors.size()];
        boolean complete = true;
        for (int i = 0; i < values.length; i++) {
            final Optional<Object> value = bindOption(descriptors.get(i), entries);
            values[i] = value.orElse(null);
            complete &= value.isPresent();
        }
        return complete ? construct(type, values, entries).filter(options -> isSound(options, entries)) :
            Optional.empty();
    }

    private Optional<Object> bindOption(final OptionDescriptor descriptor, final MappingEntries entries) {
        final OptionType type = descriptor.type();
        final Optional<MappingEntries.Entry> entry = entries.entry(descriptor.name());
        if (entry.isPresent() && !(MappingEntries.isNull(entry.get().value()) && mayBeNothing(type))) {
            return bindValue(descriptor, type, entry.get().value(), entry.get().place());
        }
        final Place place = entry.map(MappingEntries.Entry::place)
            .orElseGet(() -> entries.place().missing(descriptor.name()));
        if (descriptor.required()) {
            if (type.kind() == OptionKind.RECORD) {
                // Names what is missing inside, which says more than that the whole is missing.
                return bindRecord(type.javaType(), type.nested(), MappingEntries.none(place));
            }
            problems.error(place, "the required option " + Names.shown(descriptor.name()) + " is missing",
                "Add " + descriptor.name() + ": " + descriptor.example().map(example -> example + " ").orElse("") +
                "(" + descriptor.typeText() + ")");
            return Optional.empty();
        }
        return descriptor.defaultValue().isPresent() ?
            Optional.of(literal(descriptor, descriptor.defaultValue().get())) : nothing(type, place);
    }

    private static boolean mayBeNothing(final OptionType type) {
        return !type.kind().isScalar();
    }

    private Optional<Object> nothing(final OptionType type, final Place place) {
        return switch (type.kind()) {
            case OPTIONAL -> Optional.of(Optional.empty());
            case LIST -> Optional.of(List.of());
            case MAP -> Optional.of(Map.of());
            default -> bindRecord(type.javaType(), type.nested(), MappingEntries.none(place));
        };
    }

    /** The value of a default or an example; nothing is put into it from the environment. */
    static Object literal(final OptionDescriptor descriptor, final String written) {
        final ProblemCollector own = new ProblemCollector(Path.of(descriptor.name()));
        final OptionBinder binder = new OptionBinder(own, new ValueSubstitution(Path.of(""), Map.of(), own));
        final OptionType type = descriptor.type();
        final Optional<Object> value = type.value().kind().isScalar() ?
            binder.parse(descriptor, type.value(), written, written, Place.FILE).map(v -> wrapped(type, v)) :
            ConfigurationText.compose(written, own).flatMap(n -> binder.bindValue(descriptor, type, n, Place.FILE));
        return value.orElseThrow(() -> new IllegalArgumentException("value=" + written + " is no value of the option " +
            descriptor.name() + ": " + own.errors().stream().map(ConfigurationProblem::render).toList()));
    }

    private static Object wrapped(final OptionType type, final Object value) {
        return type.kind() == OptionKind.OPTIONAL ? Optional.of(value) : value;
    }

    private Optional<Object> bindValue(
        final OptionDescriptor descriptor, final OptionType type, final Node node, final Place place) {
        return switch (type.kind()) {
            case OPTIONAL -> bindOptional(descriptor, type, node, place);
            case LIST -> bindList(descriptor, type, node, place);
            case MAP -> bindMap(descriptor, type, node, place);
            case RECORD -> MappingEntries.of(node, place, "a mapping of options", problems).flatMap(entries -> {
                entries.refuseOthers(names(type.nested()), problems);
                return bindRecord(type.javaType(), type.nested(), entries);
            });
            default -> bindScalar(descriptor, type, node, place);
        };
    }

    private Optional<Object> bindOptional(
        final OptionDescriptor descriptor, final OptionType type, final Node node, final Place place) {
        if (node instanceof ScalarNode scalar && type.value().kind().isScalar() && scalar.getValue().contains("${")) {
            final Optional<String> text = scalarText(node, place, type.text());
            // An empty variable or default is how a substitution says "none".
            return text.flatMap(t -> t.isEmpty() ? Optional.of(Optional.empty()) :
                parse(descriptor, type.value(), t, scalar.getValue(), Place.of(place.path(), node)).map(Optional::of));
        }
        return bindValue(descriptor, type.element().orElseThrow(), node, place).map(Optional::of);
    }

    private Optional<Object> bindList(
        final OptionDescriptor descriptor, final OptionType type, final Node node, final Place place) {
        if (!(node instanceof SequenceNode sequence) || MappingEntries.hasOwnTag(node)) {
            problems.error(Place.of(place.path(), node),
                "expected a " + type.text() + ", but found " + MappingEntries.describe(node),
                "Write [a, b], or one value per line that begins with '- '");
            return Optional.empty();
        }
        final List<Object> values = new ArrayList<>();
        boolean complete = true;
        for (final Node element : sequence.getValue()) {
            final Place elementPlace = Place.of(
                place.path() + "[" + values.size() + "]", element);
            final Optional<Object> value =
                bindValue(descriptor, type.element().orElseThrow(), element, elementPlace);
            values.add(value.orElse(null));
            complete &= value.isPresent();
        }
        complete &= hasRightCount(descriptor, values.size(), Place.of(place.path(), node));
        return complete ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    private Optional<Object> bindMap(
        final OptionDescriptor descriptor, final OptionType type, final Node node, final Place place) {
        final Optional<MappingEntries> entries =
            MappingEntries.of(node, place, "a " + type.text(), problems);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        final Map<String, Object> values = new LinkedHashMap<>();
        boolean complete = true;
        for (final MappingEntries.Entry entry : entries.get().all()) {
            final Optional<Object> value =
                bindValue(descriptor, type.element().orElseThrow(), entry.value(), entry.place());
            values.put(entry.name(), value.orElse(null));
            complete &= value.isPresent();
        }
        complete &= hasRightCount(descriptor, values.size(), Place.of(place.path(), node));
        return complete ? Optional.of(Collections.unmodifiableMap(values)) : Optional.empty();
    }

    private boolean hasRightCount(final OptionDescriptor descriptor, final int entryCount, final Place place) {
        try {
            Bounds.of(descriptor).checkEntries(entryCount);
            return true;
        } catch (final BadValueException e) {
            problems.error(place, e.getMessage(), e.remedy());
            return false;
        }
    }

    private Optional<Object> bindScalar(
        final OptionDescriptor descriptor, final OptionType type, final Node node, final Place place) {
        return scalarText(node, place, type.text())
            .flatMap(text -> parse(
                descriptor, type, text, ((ScalarNode)node).getValue(), Place.of(place.path(), node)));
    }

    private Optional<String> scalarText(final Node node, final Place place, final String what) {
        if (MappingEntries.isNull(node)) {
            problems.error(place, "there is no value", "Write a value (" + what + "), or remove the line");
            return Optional.empty();
        }
        final Place valuePlace = Place.of(place.path(), node);
        if (!(node instanceof ScalarNode scalar) || MappingEntries.hasOwnTag(node)) {
            problems.error(valuePlace, "expected a single value (" + what + "), but found " +
                MappingEntries.describe(node), "Write one value on the line, in quotes if it has special characters");
            return Optional.empty();
        }
        return substitution.substitute(scalar.getValue(), valuePlace);
    }

    /** Parses a text; a message shows what the file says, never what was put in its place. */
    private Optional<Object> parse(
        final OptionDescriptor descriptor,
        final OptionType type,
        final String text,
        final String written,
        final Place place) {
        try {
            final Object value = ScalarParser.parse(type, text);
            Bounds.of(descriptor).check(value);
            if (value instanceof Secret secret) {
                problems.secret(secret.value());
            }
            return Optional.of(value);
        } catch (final BadValueException e) {
            final String shown = text.equals(written) ? Names.shown(text) : "the value of " + Names.shown(written);
            problems.error(place, shown + " " + e.getMessage(), e.remedy());
            return Optional.empty();
        }
    }

    private Optional<Object> construct(final Class<?> type, final Object[] values, final MappingEntries entries) {
        try {
            final Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(values));
        } catch (final InvocationTargetException e) {
            problems.error(entries.place(), "the options cannot be used: " + ownMessage(e.getCause()),
                "Mend the option that the message names");
            return Optional.empty();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalArgumentException("options record " + type.getName() + " cannot be made", e);
        }
    }

    private boolean isSound(final Object options, final MappingEntries entries) {
        if (!(options instanceof CheckedOptions checked)) {
            return true;
        }
        final List<OptionProblem> found;
        try {
            found = checked.problems();
        } catch (final RuntimeException e) {
            problems.error(entries.place(), "the options cannot be checked: " + ownMessage(e),
                "Mend the option that the message names");
            return false;
        }
        for (final OptionProblem problem : found) {
            final String remedy = withoutStop(problem.remedy());
            problems.error(OptionPath.placeOf(problem.option(), entries), withoutStop(problem.message()),
                remedy.isEmpty() ? remedy : Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1));
        }
        return found.isEmpty();
    }

    /** What an adapter's own code says, without the secrets that it may have put into it. */
    private String ownMessage(final Throwable cause) {
        final String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return withoutStop(message);
    }

    private String withoutStop(final String text) {
        final String cleaned = problems.withoutSecrets(text).strip();
        return cleaned.endsWith(".") ? cleaned.substring(0, cleaned.length() - 1) : cleaned;
    }
}
