package io.headrace.adapters.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the rule for a table of the source: the first that matches. Used by one lane's thread. */
final class TableMapper {
    private final List<PatternRule> rules = new ArrayList<>();
    private final String defaultSchema;
    private final boolean mirror;

    TableMapper(final JdbcSinkOptions options) {
        for (final TableRule rule : options.tables()) {
            rules.add(new PatternRule(pattern(rule.source()), rule));
        }
        defaultSchema = options.schema().orElse(null);
        mirror = options.mirror();
    }

    /** Where a table goes, or null when it is unmapped. */
    TableMapping mapping(final String sourceSchema, final String sourceTable) {
        final String source = sourceSchema + '.' + sourceTable;
        for (final PatternRule rule : rules) {
            if (rule.pattern.matcher(source).matches()) {
                return TableMapping.of(rule.rule, sourceTable, defaultSchema);
            }
        }
        return mirror ? TableMapping.mirror(sourceTable, defaultSchema) : null;
    }

    private static Pattern pattern(final String source) {
        final StringBuilder regex = new StringBuilder();
        int from = 0;
        for (int star = source.indexOf('*'); star >= 0; star = source.indexOf('*', from)) {
            regex.append(Pattern.quote(source.substring(from, star))).append(".*");
            from = star + 1;
        }
        return Pattern.compile(regex.append(Pattern.quote(source.substring(from))).toString(), Pattern.DOTALL);
    }

    private record PatternRule(Pattern pattern, TableRule rule) {
    }
}
