package io.headrace.adapters.postgres.replication;

import io.headrace.adapters.postgres.pgoutput.FatalSourceException;
import io.headrace.adapters.postgres.pgoutput.Tuple;

/**
 * The source's thread, without state: finds the values in one row of {@code COPY ... TO STDOUT} in text format. Escapes
 * are taken away in place, as what they stand for is always shorter.
 */
final class CopyRow {
    private CopyRow() {
    }

    static void parse(final byte[] row, final Tuple tuple, final int columnCount, final Object table) {
        tuple.wrap(row, columnCount);
        final int end = row.length > 0 && row[row.length - 1] == '\n' ? row.length - 1 : row.length;
        int read = 0;
        int written = 0;
        for (int column = 0; column < columnCount; column++) {
            final int begin = written;
            if (read > end) {
                throw new FatalSourceException("a row that COPY gave of table " + table + " has " + column +
                    " columns, " + columnCount + " were asked for; is there a proxy in between that changes data?");
            }
            if (end - read >= 2 && row[read] == '\\' && row[read + 1] == 'N') {
                tuple.nullValue(column);
                read += 2;
            } else {
                while (read < end && row[read] != '\t') {
                    if (row[read] == '\\' && read + 1 < end) {
                        row[written++] = unescaped(row[read + 1]);
                        read += 2;
                    } else {
                        row[written++] = row[read++];
                    }
                }
                tuple.text(column, begin, written - begin);
            }
            read++;
        }
    }

    private static byte unescaped(final byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> letter;
        };
    }
}
