package io.headrace.adapters.jdbc;

import io.headrace.adapters.jdbc.JdbcSinkOptions.TransactionScope;

/** The contract of sinks, with PostgreSQL as the target of whole transactions. */
class PostgresTransactionsContractIT extends PostgresContractIT {
    @Override
    TestOptions contractOptions() {
        final TestOptions options = super.contractOptions();
        options.transactions = TransactionScope.SOURCE;
        return options;
    }
}
