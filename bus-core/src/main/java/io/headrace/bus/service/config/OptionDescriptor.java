package io.headrace.bus.service.config;

import java.util.List;
import java.util.Optional;

/**
 * Describes one option once for everything: binding, lists of options, the JSON Schema and the reference
 * documentation. Immutable.
 *
 * @param name         the option as a configuration writes it, in kebab case.
 * @param component    the component of the options record.
 * @param type         its type.
 * @param required     whether it must be given.
 * @param defaultValue as a configuration would write it.
 * @param min          the smallest value; for a list or a map, the smallest number of entries.
 * @param max          the largest value; for a list or a map, the largest number of entries.
 * @param example      a typical value, as a configuration would write it.
 * @param description  what the option does, its unit and its range.
 */
public record OptionDescriptor(
    String name,
    String component,
    OptionType type,
    boolean required,
    Optional<String> defaultValue,
    Optional<String> min,
    Optional<String> max,
    Optional<String> example,
    String description) {
    /**
     * The type in words, for people.
     *
     * @return the words.
     */
    public String typeText() {
        return type.text();
    }

    /**
     * The options inside this one.
     *
     * @return the options of the record that this option holds, also inside a list or a map; empty when it holds none.
     */
    public List<OptionDescriptor> nested() {
        return type.innerOptions();
    }
}
