package io.headrace.bus.service.config;

import io.headrace.bus.adapter.AdapterProvider;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the reference documentation of a configuration file from the records that it is bound to. Stateless; the same
 * adapters always make the same text.
 */
public final class ConfigurationReference {
    private static final String INTRODUCTION = """
        # Configuration reference

        This page is generated from the option records; a test fails when it is out of date.

        A configuration is one YAML file of UTF-8 text, at most 1 MiB, with four sections, each of which may be left
        out:

        ```yaml
        service:
          name: plant-1
        bus:
          capacity: 65536
        sources:
          NAME:
            type: TYPE
            options: {}
        sinks:
          NAME:
            type: TYPE
            topics: ["SOURCE.*"]
            options: {}
        ```

        The file is checked as a whole before anything starts: every problem is reported with its line and with what
        would be right. Unknown and duplicate keys are problems.

        ## Values

        | type | written as |
        |---|---|
        | text, secret | any value; in quotes when it has special characters. A secret is never shown |
        | whole number, number | digits, with a decimal point for a number |
        | boolean | `true` or `false` |
        | duration | a number with its unit: `50ns`, `20us`, `250ms`, `5s`, `1m`, `1h`, `1d`; or ISO 8601: `PT1M30S` |
        | size | bytes, or a number with `KiB`, `MiB`, `GiB` or `TiB`: `64KiB` |
        | list | `[a, b]`, or one value on each line, behind `- ` |
        | map, options | `{name: value}`, or one `name: value` on each line, indented |

        Any single value may hold references, which are replaced before the value is looked at:

        | reference | stands for |
        |---|---|
        | `${NAME}` | the environment variable `NAME`, which must be set |
        | `${NAME:default}` | the environment variable `NAME`, or the default when it is not set |
        | `${file:PATH}` | the content of a file without the newline at its end, at most 64 KiB; the path is relative \
        to the configuration file's folder. A file that every user may read earns a warning |
        | `$${` | the characters `${` themselves |

        Inside `[..]` and `{..}` a value with a reference needs quotes. An optional value whose references come to
        nothing is not set.
        """;
    private static final String TABLE_HEAD = """

        | option | type | default | meaning |
        |---|---|---|---|
        """;
    private static final String NAMES = """

        A name has lower-case letters, digits and hyphens, and begins with a letter or a digit.""";

    private ConfigurationReference() {
    }

    /**
     * Writes the reference documentation.
     *
     * @param registry the adapters to describe.
     * @return the text, in Markdown.
     */
    public static String toMarkdown(final AdapterRegistry registry) {
        final StringBuilder text = new StringBuilder(INTRODUCTION);
        text.append("\n## `service`\n");
        appendTable(text, "", OptionDescriptors.of(ServiceOptions.class));
        text.append("\n## `bus`\n");
        appendTable(text, "", OptionDescriptors.of(BusOptions.class));
        text.append("\n## `sources`\n\nOne entry for each source, under its name, which is the first part of its")
            .append(" topics: `type` names the adapter, `options` holds the adapter's own options.")
            .append(NAMES).append('\n');
        text.append("\n## `sinks`\n\nOne entry for each sink, under its name: `type` names the adapter, `options`")
            .append(" holds the adapter's own options, and beside them stand those of the flow from the bus.")
            .append(NAMES).append('\n');
        appendTable(text, "", OptionDescriptors.of(FlowOptions.class));
        appendAdapters(text, "Source", registry.sources());
        appendAdapters(text, "Sink", registry.sinks());
        return text.toString();
    }

    private static void appendAdapters(
        final StringBuilder text, final String role, final List<? extends AdapterProvider<?>> providers) {
        for (final AdapterProvider<?> provider : providers) {
            text.append("\n## ").append(role).append(" `").append(provider.type()).append("`\n\n")
                .append(provider.description()).append('\n');
            appendTable(text, "", OptionDescriptors.of(provider.optionsType()));
        }
    }

    private static void appendTable(
        final StringBuilder text, final String prefix, final List<OptionDescriptor> options) {
        if (options.isEmpty()) {
            text.append("\nIt has no options.\n");
        } else {
            text.append(TABLE_HEAD);
            appendRows(text, prefix, options);
        }
    }

    private static void appendRows(
        final StringBuilder text, final String prefix, final List<OptionDescriptor> options) {
        for (final OptionDescriptor option : options) {
            text.append("| `").append(prefix).append(option.name()).append("` | ").append(type(option.type()))
                .append(" | ").append(defaultText(option)).append(" | ").append(meaning(option)).append(" |\n");
            appendRows(text, prefix + option.name() + suffix(option.type()), option.nested());
        }
    }

    /** How the path of a nested option goes on. */
    private static String suffix(final OptionType type) {
        return switch (type.kind()) {
            case OPTIONAL -> suffix(type.element().orElseThrow());
            case LIST -> "[]" + suffix(type.element().orElseThrow());
            case MAP -> ".NAME" + suffix(type.element().orElseThrow());
            default -> ".";
        };
    }

    private static String type(final OptionType type) {
        return switch (type.kind()) {
            case OPTIONAL -> type(type.element().orElseThrow());
            case LIST -> "list of " + type(type.element().orElseThrow());
            case MAP -> "map of " + type(type.element().orElseThrow());
            case CHOICE -> type.choices().stream().map(choice -> "`" + choice + "`").collect(Collectors.joining(", "));
            default -> type.text();
        };
    }

    private static String defaultText(final OptionDescriptor option) {
        if (option.required()) {
            return "**required**";
        }
        return option.defaultValue().map(value -> value.isEmpty() ? "empty" : code(value)).orElse("");
    }

    private static String meaning(final OptionDescriptor option) {
        final StringBuilder meaning = new StringBuilder(cell(option.description()));
        if (option.min().isPresent() || option.max().isPresent()) {
            meaning.append(option.min().isEmpty() ? " At most " : option.max().isEmpty() ? " At least " : " From ");
            option.min().ifPresent(min -> meaning.append(code(min)));
            meaning.append(option.min().isPresent() && option.max().isPresent() ? " to " : "");
            option.max().ifPresent(max -> meaning.append(code(max)));
            final OptionKind kind = option.type().value().kind();
            meaning.append(kind == OptionKind.LIST || kind == OptionKind.MAP ? " entries." : ".");
        }
        option.example().ifPresent(example -> meaning.append(" Example: ").append(code(example)));
        return meaning.toString();
    }

    private static String code(final String text) {
        return "`" + cell(text) + "`";
    }

    /** A text inside a table: a bar would end the cell. */
    private static String cell(final String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
