package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.RowChangeEncoder;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The source's thread: one version of a table's definition, prepared so that encoding a row needs no look-up and no
 * allocation. Immutable.
 */
public final class Relation {
    private static final int SHORT_LENGTH_BYTES = 2;
    private static final int LONG_LENGTH_BYTES = 4;

    final byte[] schemaName;
    final byte[] tableName;
    final byte[] topic;
    final byte[][] columnNames;
    final byte[][] typeNames;
    final ColumnType[] types;
    final boolean[] key;
    final boolean keyed;
    final boolean selected;
    final boolean replicaIdentityFull;
    final int rowOverheadBytes;
    private final String qualifiedName;

    /**
     * Prepares a table.
     *
     * @param sourceName          first part of the topic.
     * @param schemaName          of the table.
     * @param tableName           of the table.
     * @param columns             in the order of the tuples.
     * @param selected            whether its changes are published.
     * @param replicaIdentityFull whether old tuples hold every column.
     */
    public Relation(
        final String sourceName,
        final String schemaName,
        final String tableName,
        final List<Column> columns,
        final boolean selected,
        final boolean replicaIdentityFull) {
        qualifiedName = schemaName + "." + tableName;
        this.schemaName = utf8(schemaName);
        this.tableName = utf8(tableName);
        this.selected = selected;
        this.replicaIdentityFull = replicaIdentityFull;
        topic = utf8(sourceName + "." + qualifiedName);
        final int count = columns.size();
        columnNames = new byte[count][];
        typeNames = new byte[count][];
        types = new ColumnType[count];
        key = new boolean[count];
        boolean anyKey = false;
        int overhead = MessageHeaderEncoder.ENCODED_LENGTH + RowChangeEncoder.BLOCK_LENGTH +
            RowChangeEncoder.ColumnsEncoder.sbeHeaderSize() +
            2 * SHORT_LENGTH_BYTES + this.schemaName.length + this.tableName.length;
        for (int i = 0; i < count; i++) {
            final Column column = columns.get(i);
            columnNames[i] = utf8(column.name());
            typeNames[i] = utf8(column.type().name());
            types[i] = column.type().columnType();
            key[i] = column.key();
            anyKey |= column.key();
            overhead += RowChangeEncoder.ColumnsEncoder.sbeBlockLength() + 2 * SHORT_LENGTH_BYTES +
                2 * LONG_LENGTH_BYTES + columnNames[i].length + typeNames[i].length;
        }
        keyed = anyKey;
        rowOverheadBytes = overhead;
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * How many columns a tuple of this table has.
     *
     * @return the count.
     */
    public int columnCount() {
        return types.length;
    }

    @Override
    public String toString() {
        return qualifiedName;
    }

    /**
     * One column.
     *
     * @param name of the column.
     * @param type of its values.
     * @param key  whether it is part of the row's identity.
     */
    public record Column(String name, PgType type, boolean key) {
    }
}
