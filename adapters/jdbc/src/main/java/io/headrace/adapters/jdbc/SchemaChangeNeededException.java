package io.headrace.adapters.jdbc;

import java.util.List;

/**
 * A table or columns must be made before a change can be applied. It is thrown out of the open transaction, as a change
 * of the schema would wait for the transaction's own locks, or commit it (MariaDB, H2). Made and caught on the lane's
 * thread.
 */
final class SchemaChangeNeededException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> statements;

    SchemaChangeNeededException(final String problem, final List<String> statements) {
        super(problem);
        this.statements = List.copyOf(statements);
    }

    List<String> statements() {
        return statements;
    }
}
