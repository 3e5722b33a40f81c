package io.headrace.perf.site;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SiteResultTest {
    private static SiteResult result(final String ended) {
        return new SiteResult("site.yaml", null, Map.of(), List.of(), List.of(), List.of(), ended);
    }

    @Test
    void shouldBeBrokenWhenTheLadderEndedEarly() {
        assertFalse(result("").broken());
        assertTrue(result("a flow stands still").broken());
    }
}
