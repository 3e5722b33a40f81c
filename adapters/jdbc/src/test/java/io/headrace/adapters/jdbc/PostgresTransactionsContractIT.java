package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;
import io.headrace.adapters.testkit.Ability;

import java.util.Map;

/** The contract of sinks, with PostgreSQL as the target of whole transactions. */
class PostgresTransactionsContractIT extends PostgresContractIT {
    @Override
    TestOptions contractOptions() {
        final TestOptions options = super.contractOptions();
        options.transactions = TransactionScope.SOURCE;
        return options;
    }

    @Override
    protected Map<Ability, String> unsupported() {
        return Map.of(Ability.OUTAGE, "PostgresContractIT stops and starts the server; here it would be the same code");
    }
}
