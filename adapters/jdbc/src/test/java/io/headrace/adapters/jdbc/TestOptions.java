package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.DialectName;
import io.headrace.adapters.jdbc.JdbcSinkOptions.StatementOrder;
import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.adapters.jdbc.JdbcSinkOptions.TruncatePolicy;
import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedPolicy;
import io.headrace.adapters.jdbc.JdbcSinkOptions.UnkeyedSnapshot;
import io.headrace.adapters.jdbc.JdbcSinkOptions.Unmapped;
import io.headrace.bus.adapter.Secret;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sink's options with their defaults, but for what a test sets. */
final class TestOptions {
    String url;
    String user;
    String password;
    DialectName dialect = DialectName.AUTO;
    String schema;
    List<TableRule> tables = List.of();
    boolean mirror;
    ReadingRule readings;
    DocumentRule documents;
    Unmapped unmapped = Unmapped.FAIL;
    boolean autoCreate;
    TransactionScope transactions = TransactionScope.BATCH;
    StatementOrder order = StatementOrder.EVENT;
    TruncatePolicy truncate = TruncatePolicy.APPLY;
    UnkeyedPolicy unkeyed = UnkeyedPolicy.EXACT;
    UnkeyedSnapshot unkeyedSnapshot = UnkeyedSnapshot.FAIL;
    boolean effectivelyOnce = true;
    Duration statementTimeout = Duration.ofSeconds(30);
    Duration lockTimeout = Duration.ofSeconds(10);

    static TestOptions of(final String url) {
        final TestOptions options = new TestOptions();
        options.url = url;
        return options;
    }

    TestOptions login(final String newUser, final String newPassword) {
        user = newUser;
        password = newPassword;
        return this;
    }

    TestOptions mirror() {
        mirror = true;
        return this;
    }

    TestOptions autoCreate() {
        autoCreate = true;
        return this;
    }

    /** Without a memory for what was delivered. */
    TestOptions atLeastOnce() {
        effectivelyOnce = false;
        return this;
    }

    TestOptions rules(final TableRule... rules) {
        tables = List.of(rules);
        return this;
    }

    static TableRule rule(final String source, final String table) {
        return new TableRule(source, Optional.ofNullable(table), Optional.empty(), Map.of(), List.of(), Map.of(),
            List.of());
    }

    JdbcSinkOptions build() {
        return new JdbcSinkOptions(url, Optional.ofNullable(user), Optional.ofNullable(password).map(Secret::new),
            Map.of(), dialect, Optional.ofNullable(schema), tables, mirror, Optional.ofNullable(readings),
            Optional.ofNullable(documents), unmapped, autoCreate, transactions, order, truncate, unkeyed,
            unkeyedSnapshot, effectivelyOnce, "headrace_positions", Duration.ofSeconds(1), statementTimeout,
            lockTimeout);
    }
}
