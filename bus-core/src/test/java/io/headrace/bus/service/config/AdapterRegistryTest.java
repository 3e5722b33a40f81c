package io.headrace.bus.service.config;

import io.headrace.bus.adapter.AdapterProvider;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AdapterRegistryTest {
    @Test
    void shouldFindAdaptersByType() {
        assertEquals("A feed.", TestAdapters.REGISTRY.source("feed").orElseThrow().description());
        assertTrue(TestAdapters.REGISTRY.source("print").isEmpty());
        assertEquals(
            List.of("print", "store"), TestAdapters.REGISTRY.sinks().stream().map(AdapterProvider::type).toList());
    }

    @Test
    void shouldRefuseTwoAdaptersOfOneType() {
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> AdapterRegistry.of(
            List.of(new TestAdapters.FeedProvider(), new TestAdapters.FeedProvider()), List.of()));
        assertTrue(e.getMessage().startsWith("type=feed is that of two adapters: "));
    }
}
