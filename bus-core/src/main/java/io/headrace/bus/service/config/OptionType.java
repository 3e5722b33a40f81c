package io.headrace.bus.service.config;

import java.util.List;
import java.util.Optional;

/**
 * The type of an option. Immutable.
 *
 * @param kind    what sort of value it is.
 * @param javaType the class of the record's component, or of the element.
 * @param element what is inside an {@code Optional}, a list, or the values of a map.
 * @param choices the names that a choice allows, in kebab case; otherwise empty.
 * @param nested  the options of a record; otherwise empty.
 */
public record OptionType(
    OptionKind kind,
    Class<?> javaType,
    Optional<OptionType> element,
    List<String> choices,
    List<OptionDescriptor> nested) {
    /** Copies the lists. */
    public OptionType {
        choices = List.copyOf(choices);
        nested = List.copyOf(nested);
    }

    /**
     * The type in words, for people, as {@code list of text}.
     *
     * @return the words.
     */
    public String text() {
        return switch (kind) {
            case OPTIONAL -> element().orElseThrow().text();
            case LIST -> "list of " + element().orElseThrow().text();
            case MAP -> "map of " + element().orElseThrow().text();
            case CHOICE -> String.join(" | ", choices);
            default -> kind.text();
        };
    }

    /**
     * The type that carries a value: what is inside when this one is {@code Optional}, otherwise this one.
     *
     * @return the type without {@code Optional}.
     */
    public OptionType value() {
        return kind == OptionKind.OPTIONAL ? element.orElseThrow().value() : this;
    }

    /**
     * The options further inside, through optional values, lists and maps.
     *
     * @return the options of the record at the bottom of this type; empty when there is none.
     */
    public List<OptionDescriptor> innerOptions() {
        return element.isPresent() ? element.get().innerOptions() : nested;
    }
}
