package io.headrace.bus.service.config;

import io.headrace.bus.adapter.AdapterProvider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the JSON Schema (draft 2020-12) of a configuration file from the records that it is bound to, for editors that
 * complete and check YAML. Stateless. The schema is a tree of maps, lists, texts, numbers and booleans, as this module
 * has no JSON library.
 */
public final class ConfigurationSchema {
    private static final String SUBSTITUTED = "#/$defs/substituted";
    private static final String DURATION = "^([0-9]+ ?(ns|us|ms|s|m|h|d)|[Pp].+)$";
    private static final String SIZE = "^[0-9]+ ?(B|KiB|MiB|GiB|TiB)?$";

    private ConfigurationSchema() {
    }

    /**
     * Makes the schema.
     *
     * @param registry the adapters whose options the schema describes.
     * @return the schema, its keys in a stable order.
     */
    public static Map<String, Object> toTree(final AdapterRegistry registry) {
        final Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put("substituted", substituted());
        addAdapters(definitions, "source", registry.sources());
        addAdapters(definitions, "sink", registry.sinks());

        final Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(ServiceBinder.SERVICE,
            described("The service itself.", record(OptionDescriptors.of(ServiceOptions.class))));
        properties.put(ServiceBinder.BUS, described(
            "The bus: its ring and its event log.", record(OptionDescriptors.of(BusOptions.class))));
        properties.put(ServiceBinder.SOURCES, described("The sources, by name.", byName(adapter(
            "source", registry.sources(), List.of()))));
        properties.put(ServiceBinder.SINKS, described("The sinks, by name.", byName(adapter(
            "sink", registry.sinks(), OptionDescriptors.of(FlowOptions.class)))));

        final Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Headrace configuration");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        schema.put("$defs", definitions);
        return schema;
    }

    private static Map<String, Object> substituted() {
        final Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", "A value from the environment or from a secret file.");
        schema.put("type", "string");
        schema.put("pattern", "\\$\\{");
        return schema;
    }

    private static void addAdapters(
        final Map<String, Object> definitions, final String role, final List<? extends AdapterProvider<?>> providers) {
        for (final AdapterProvider<?> provider : providers) {
            definitions.put(role + "-" + provider.type(), described(
                provider.description(), record(OptionDescriptors.of(provider.optionsType()))));
        }
    }

    private static Map<String, Object> byName(final Map<String, Object> adapter) {
        final Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("object", "null"));
        schema.put("propertyNames", Map.of("pattern", "^" + Names.NAME.pattern() + "$"));
        schema.put("additionalProperties", adapter);
        return schema;
    }

    private static Map<String, Object> adapter(
        final String role, final List<? extends AdapterProvider<?>> providers, final List<OptionDescriptor> flow) {
        final Map<String, Object> schema = record(flow);
        schema.put("type", "object");
        final Map<String, Object> type = new LinkedHashMap<>();
        type.put("description", "The type of the adapter.");
        type.put("anyOf", List.of(
            Map.of("enum", providers.stream().map(AdapterProvider::type).toList()), Map.of("$ref", SUBSTITUTED)));
        final Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(ServiceBinder.TYPE, type);
        properties.put(ServiceBinder.OPTIONS, described("The options of the adapter.", new LinkedHashMap<>()));
        flow.forEach(option -> properties.put(option.name(), option(option)));
        schema.put("properties", properties);
        final List<String> required = new ArrayList<>(List.of(ServiceBinder.TYPE));
        flow.stream().filter(OptionDescriptor::required).forEach(option -> required.add(option.name()));
        schema.put("required", required);
        if (!providers.isEmpty()) {
            schema.put("allOf", providers.stream().map(provider -> optionsByType(role, provider)).toList());
        }
        return schema;
    }

    private static Map<String, Object> optionsByType(final String role, final AdapterProvider<?> provider) {
        final Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("properties", Map.of(ServiceBinder.TYPE, Map.of("const", provider.type())));
        condition.put("required", List.of(ServiceBinder.TYPE));
        final Map<String, Object> consequence = new LinkedHashMap<>();
        consequence.put("properties",
            Map.of(ServiceBinder.OPTIONS, Map.of("$ref", "#/$defs/" + role + "-" + provider.type())));
        if (OptionDescriptors.of(provider.optionsType()).stream().anyMatch(OptionDescriptor::required)) {
            consequence.put("required", List.of(ServiceBinder.OPTIONS));
        }
        final Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("if", condition);
        rule.put("then", consequence);
        return rule;
    }

    private static Map<String, Object> record(final List<OptionDescriptor> options) {
        final Map<String, Object> schema = new LinkedHashMap<>();
        final List<String> required =
            options.stream().filter(OptionDescriptor::required).map(OptionDescriptor::name).toList();
        // Nothing behind the key means all the defaults.
        schema.put("type", required.isEmpty() ? List.of("object", "null") : "object");
        final Map<String, Object> properties = new LinkedHashMap<>();
        options.forEach(option -> properties.put(option.name(), option(option)));
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> option(final OptionDescriptor option) {
        final Map<String, Object> schema = described(option.description(), value(option, option.type()));
        option.defaultValue().ifPresent(written -> schema.put("default", literal(option, written)));
        option.example().ifPresent(written -> schema.put("examples", List.of(literal(option, written))));
        return schema;
    }

    private static Object literal(final OptionDescriptor option, final String written) {
        return switch (option.type().value().kind()) {
            case BOOLEAN, INT, LONG, DOUBLE ->
                written.contains("${") ? written : unwrapped(OptionBinder.literal(option, written));
            case LIST, MAP, RECORD -> ConfigurationText.plainTree(written);
            default -> written;
        };
    }

    private static Object unwrapped(final Object value) {
        return value instanceof Optional<?> optional ? optional.orElseThrow() : value;
    }

    private static Map<String, Object> described(final String description, final Map<String, Object> schema) {
        final Map<String, Object> described = new LinkedHashMap<>();
        described.put("description", description);
        described.putAll(schema);
        return described;
    }

    private static Map<String, Object> value(final OptionDescriptor option, final OptionType type) {
        return switch (type.kind()) {
            case OPTIONAL -> orNothing(value(option, type.element().orElseThrow()));
            case RECORD -> record(type.nested());
            case LIST -> entries(option, "array", "items", "minItems", "maxItems", type);
            case MAP -> entries(option, "object", "additionalProperties", "minProperties", "maxProperties", type);
            // YAML takes a plain 007 for a number; the loader takes it as the text that it is.
            case TEXT, SECRET -> new LinkedHashMap<>(Map.of("type", List.of("string", "number", "boolean")));
            default -> orSubstituted(scalar(option, type));
        };
    }

    private static Map<String, Object> entries(
        final OptionDescriptor option, final String jsonType, final String elementKey, final String minKey,
        final String maxKey, final OptionType type) {
        final Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", option.required() ? jsonType : List.of(jsonType, "null"));
        schema.put(elementKey, value(option, type.element().orElseThrow()));
        // The bounds are those of the outermost list or map.
        if (type == option.type().value()) {
            option.min().ifPresent(min -> schema.put(minKey, Long.valueOf(min)));
            option.max().ifPresent(max -> schema.put(maxKey, Long.valueOf(max)));
        }
        return schema;
    }

    private static Map<String, Object> scalar(final OptionDescriptor option, final OptionType type) {
        final Map<String, Object> schema = new LinkedHashMap<>();
        switch (type.kind()) {
            case BOOLEAN -> schema.put("type", "boolean");
            case CHOICE -> schema.put("enum", type.choices());
            case DURATION -> {
                schema.put("type", "string");
                schema.put("pattern", DURATION);
            }
            case BYTE_SIZE -> {
                schema.put("type", List.of("string", "integer"));
                schema.put("pattern", SIZE);
                schema.put("minimum", 0);
            }
            default -> {
                schema.put("type", type.kind() == OptionKind.DOUBLE ? "number" : "integer");
                // The bounds of a list count its entries.
                if (type == option.type().value()) {
                    option.min().ifPresent(min -> schema.put("minimum", unwrapped(OptionBinder.literal(option, min))));
                    option.max().ifPresent(max -> schema.put("maximum", unwrapped(OptionBinder.literal(option, max))));
                }
            }
        }
        return schema;
    }

    private static Map<String, Object> orSubstituted(final Map<String, Object> schema) {
        return new LinkedHashMap<>(Map.of("anyOf", List.of(schema, Map.of("$ref", SUBSTITUTED))));
    }

    private static Map<String, Object> orNothing(final Map<String, Object> schema) {
        if (schema.get("type") instanceof List<?> types && types.contains("null")) {
            return schema;
        }
        return new LinkedHashMap<>(Map.of("anyOf", List.of(schema, Map.of("type", "null"))));
    }
}
