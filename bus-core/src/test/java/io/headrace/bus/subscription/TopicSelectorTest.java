package io.headrace.bus.subscription;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class TopicSelectorTest {
    private static boolean matches(final TopicSelector selector, final String topic) {
        final byte[] bytes = ("<" + topic + ">").getBytes(StandardCharsets.UTF_8);
        return selector.matches(new UnsafeBuffer(bytes), 1, bytes.length - 2);
    }

    @ParameterizedTest
    @CsvSource({
        "erp.public.stock, erp.public.stock, true",
        "erp.public.stock, erp.public.stock2, false",
        "erp.public.stock, erp.public.stoc, false",
        "erp.public.*, erp.public.stock, true",
        "erp.public.*, erp.public., true",
        "erp.public.*, erp.publi, false",
        "*, anything, true",
        "*, '', true",
        "maschine.größe, maschine.größe, true"})
    void shouldMatchExactNamesAndPrefixes(final String pattern, final String topic, final boolean expected) {
        assertEquals(expected, matches(TopicSelector.of(pattern), topic));
    }

    @Test
    void shouldMatchAnyOfItsPatterns() {
        final TopicSelector selector = TopicSelector.of("a", "b.*", "c");
        assertEquals(List.of(true, true, true, false),
            List.of(matches(selector, "a"), matches(selector, "b.x"), matches(selector, "c"), matches(selector, "d")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*b", "**", "*a"})
    void shouldRefuseOtherPatterns(final String pattern) {
        assertThrows(IllegalArgumentException.class, () -> TopicSelector.of(pattern));
    }

    @Test
    void shouldRefuseNoneAndTooMany() {
        assertThrows(IllegalArgumentException.class, () -> TopicSelector.of(List.of()));
        assertThrows(IllegalArgumentException.class,
            () -> TopicSelector.of(Collections.nCopies(TopicSelector.MAX_PATTERNS + 1, "a")));
    }
}
