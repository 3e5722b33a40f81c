package io.headrace.perf.codec;

/**
 * Immutable: a row as a source has it in hand. Also what Jackson writes and reads.
 *
 * @param schemaName    of the table.
 * @param tableName     of the table.
 * @param operation     0 for an insert.
 * @param transactionId of the source.
 * @param commitTimeNs  by the source's clock.
 * @param lsn           in the source's log.
 * @param id            column, the key.
 * @param item          column.
 * @param amount        column, a decimal's digits.
 * @param weight        column.
 * @param stockedAtUs   column, a timestamp.
 * @param active        column.
 */
public record Row(
    String schemaName, String tableName, int operation, long transactionId, long commitTimeNs, long lsn, long id,
    String item, String amount, double weight, long stockedAtUs, boolean active) {

    static Row of(final int number) {
        return new Row("public", "stock", 0, 700 + number, 1_800_000_000_000_000_000L + number, 23_456_789L + number,
            4_711L + number, "hexagon bolt M8x" + (10 + number % 90), (100 + number) + ".567", number / 8.0,
            1_800_000_000_000_000L + number, number % 2 == 0);
    }

    /** Something that depends on every value, so that none can be left out. */
    long digest() {
        return digest(schemaName, tableName, operation, transactionId, commitTimeNs, lsn)
            + digest(id, item, amount, weight, stockedAtUs, active);
    }

    static long digest(
        final String schemaName, final String tableName, final int operation, final long transactionId,
        final long commitTimeNs, final long lsn) {
        return schemaName.length() + tableName.length() + operation + transactionId + commitTimeNs + lsn;
    }

    static long digest(
        final long id, final String item, final String amount, final double weight, final long stockedAtUs,
        final boolean active) {
        return id + item.length() + amount.length() + (long)(weight * 8) + stockedAtUs + (active ? 1 : 0);
    }
}
