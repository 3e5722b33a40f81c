package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.bus.adapter.AdapterProvider;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.OptionDescriptor;
import io.headrace.bus.service.config.OptionDescriptors;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class AdaptersCommandTest {
    @Test
    void shouldListEveryAdapterWithEveryOptionAsJson() {
        final CommandRun run = CommandRun.of("adapters", "--output", "json");
        assertEquals(ExitCode.OK, run.exitCode());
        final AdapterRegistry registry = AdapterRegistry.load();
        final List<AdapterProvider<?>> providers = new ArrayList<>(registry.sources());
        providers.addAll(registry.sinks());
        assertEquals(providers.size(), run.json().size());
        for (final AdapterProvider<?> provider : providers) {
            final JsonNode shown = find(run.json(), provider);
            assertEquals(provider.description(), shown.get("description").asText());
            assertOptions(OptionDescriptors.of(provider.optionsType()), shown.get("options"));
        }
    }

    private static JsonNode find(final JsonNode adapters, final AdapterProvider<?> provider) {
        for (final JsonNode adapter : adapters) {
            if (adapter.get("type").asText().equals(provider.type())
                && adapter.get("kind").asText().equals(AdaptersCommand.kind(provider))) {
                return adapter;
            }
        }
        throw new AssertionError("not listed: " + provider.type());
    }

    private static void assertOptions(final List<OptionDescriptor> options, final JsonNode shown) {
        assertEquals(options.size(), shown.size());
        for (int i = 0; i < options.size(); i++) {
            final OptionDescriptor option = options.get(i);
            final JsonNode node = shown.get(i);
            assertEquals(option.name(), node.get("name").asText());
            assertEquals(option.required(), node.get("required").asBoolean());
            assertEquals(option.defaultValue().isPresent(), node.has("default"));
            assertFalse(node.get("description").asText().isEmpty());
            if (!option.nested().isEmpty()) {
                assertOptions(option.nested(), node.get("options"));
            }
        }
    }

    @Test
    void shouldListOneAdapterAsText() {
        final CommandRun run = CommandRun.of("adapters", "file");
        assertEquals(ExitCode.OK, run.exitCode());
        assertTrue(run.out().startsWith("file (sink)\n"), run.out());
        assertTrue(run.out().contains("directory: text, required"), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 160, line));
    }

    @Test
    void shouldNameTheAdaptersWhenTheAskedForOneIsNotThere() {
        final CommandRun run = CommandRun.of("adapters", "carrier-pigeon");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("carrier-pigeon") && run.err().contains("file"), run.err());
    }
}
