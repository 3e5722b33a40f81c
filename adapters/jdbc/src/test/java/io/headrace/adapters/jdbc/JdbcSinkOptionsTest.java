package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.bus.adapter.CheckedOptions.OptionProblem;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkCapabilities.Redelivery;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static io.headrace.adapters.jdbc.TestOptions.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

class JdbcSinkOptionsTest {
    @Test
    void shouldFindNothingWrongWithAPlainMirror() {
        assertEquals(List.of(), TestOptions.of("jdbc:h2:mem:x").mirror().build().problems());
    }

    @Test
    void shouldReportAllProblemsTogether() {
        final TestOptions options = TestOptions.of("postgresql://h/d").rules(
            rule("items", null),
            rule("public.a*", "one"),
            rule("public.b", null),
            rule("public.b", null),
            new TableRule("public.c", Optional.empty(), Optional.empty(), Map.of("x", "y", "z", "y"), List.of("x"),
                Map.of(), List.of()));
        options.readings = new ReadingRule("r", Optional.empty(), Map.of("v", "volume"), Map.of(), List.of("k"));
        final List<String> names = options.build().problems().stream().map(OptionProblem::option).toList();
        assertEquals(
            List.of("url", "tables", "tables", "tables", "tables", "tables", "readings", "readings"), names);
        assertFalse(options.build().problems().stream().anyMatch(problem -> problem.remedy().isBlank()));
    }

    @Test
    void shouldAskForARuleWhenNothingIsMapped() {
        assertEquals("tables", TestOptions.of("jdbc:h2:mem:x").build().problems().get(0).option());
    }

    @Test
    void shouldUseTheFirstRuleThatMatches() {
        final TableMapper mapper = new TableMapper(TestOptions.of("jdbc:h2:mem:x").rules(
            rule("public.items", "stock"), rule("public.*", "erp_*"), rule("*.log.x", null)).build());
        assertEquals("stock", mapper.mapping("public", "items").table());
        assertEquals("erp_orders", mapper.mapping("public", "orders").table());
        assertNull(mapper.mapping("publicX", "orders"));
        assertEquals("log.x", mapper.mapping("any", "log.x").table());
    }

    @Test
    void shouldWantOneLaneForWholeTransactions() {
        final TestOptions options = TestOptions.of("jdbc:h2:mem:x").mirror();
        assertEquals(new SinkCapabilities(16, false, Redelivery.DISCARDED),
            new JdbcSinkProvider().capabilities(options.build()));
        options.transactions = TransactionScope.SOURCE;
        assertEquals(new SinkCapabilities(1, true, Redelivery.REPEATED),
            new JdbcSinkProvider().capabilities(options.atLeastOnce().build()));
    }
}
