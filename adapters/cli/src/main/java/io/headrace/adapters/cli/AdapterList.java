package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.service.config.OptionDescriptor;
import io.headrace.bus.service.config.OptionDescriptors;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows adapters and their options, as text and as JSON. Used on the main thread; holds no state. */
final class AdapterList {
    private static final int LINE_LENGTH = 100;
    private static final String INDENT = "  ";

    private AdapterList() {
    }

    static void print(final List<AdapterProvider<?>> providers, final PrintWriter out) {
        for (int i = 0; i < providers.size(); i++) {
            final AdapterProvider<?> provider = providers.get(i);
            out.println((i == 0 ? "" : System.lineSeparator()) + provider.type() + " (" +
                AdaptersCommand.kind(provider) + ")");
            wrap(provider.description(), INDENT, out);
            printOptions(OptionDescriptors.of(provider.optionsType()), INDENT, out);
        }
    }

    private static void printOptions(final List<OptionDescriptor> options, final String indent, final PrintWriter out) {
        for (final OptionDescriptor option : options) {
            out.println(indent + option.name() + ": " + String.join(", ", traits(option)));
            wrap(option.description(), indent + INDENT + INDENT, out);
            printOptions(option.nested(), indent + INDENT + INDENT, out);
        }
    }

    private static List<String> traits(final OptionDescriptor option) {
        final List<String> traits = new ArrayList<>();
        traits.add(option.typeText());
        if (option.required()) {
            traits.add("required");
        }
        option.defaultValue().ifPresent(value -> traits.add("default " + (value.isEmpty() ? "\"\"" : value)));
        option.min().ifPresent(min -> traits.add("min " + min));
        option.max().ifPresent(max -> traits.add("max " + max));
        option.example().ifPresent(example -> traits.add("for example " + example));
        return traits;
    }

    private static void wrap(final String text, final String indent, final PrintWriter out) {
        StringBuilder line = new StringBuilder(indent);
        for (final String word : text.split("\\s+")) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > LINE_LENGTH) {
                out.println(line);
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
        }
        out.println(line);
    }

    static void write(final List<AdapterProvider<?>> providers, final JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (final AdapterProvider<?> provider : providers) {
            json.writeStartObject();
            json.writeStringField("type", provider.type());
            json.writeStringField("kind", AdaptersCommand.kind(provider));
            json.writeStringField("description", provider.description());
            writeOptions(OptionDescriptors.of(provider.optionsType()), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeOptions(
        final List<OptionDescriptor> options, final JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("options");
        for (final OptionDescriptor option : options) {
            json.writeStartObject();
            json.writeStringField("name", option.name());
            json.writeStringField("type", option.typeText());
            json.writeBooleanField("required", option.required());
            writeIfPresent("default", option.defaultValue(), json);
            writeIfPresent("min", option.min(), json);
            writeIfPresent("max", option.max(), json);
            writeIfPresent("example", option.example(), json);
            json.writeStringField("description", option.description());
            if (!option.nested().isEmpty()) {
                writeOptions(option.nested(), json);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeIfPresent(
        final String name, final Optional<String> value, final JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }
}
