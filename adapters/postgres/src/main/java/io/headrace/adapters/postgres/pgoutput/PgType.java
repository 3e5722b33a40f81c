package io.headrace.adapters.postgres.pgoutput;

import io.headrace.codecs.sbe.ColumnType;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Any thread, immutable: a type of PostgreSQL and the encoding that its values get.
 *
 * @param name       as PostgreSQL calls it, for example {@code int4}; outside of {@code pg_catalog} with its schema.
 * @param columnType how its values are encoded.
 */
public record PgType(String name, ColumnType columnType) {
    /** Stands for the type of a column that nobody reads. */
    static final PgType UNKNOWN = new PgType("unknown", ColumnType.OTHER);

    private static final int MODIFIER_HEADER_BYTES = 4;
    private static final int NUMERIC_SCALE_MASK = 0x7FF;
    private static final int NUMERIC_SCALE_SIGN = 0x400;
    private static final Int2ObjectHashMap<PgType> BUILT_IN = new Int2ObjectHashMap<>();

    static {
        add(16, "bool", ColumnType.BOOL);
        add(17, "bytea", ColumnType.BYTES);
        add(18, "char", ColumnType.TEXT);
        add(19, "name", ColumnType.TEXT);
        add(20, "int8", ColumnType.INT64);
        add(21, "int2", ColumnType.INT16);
        add(23, "int4", ColumnType.INT32);
        add(25, "text", ColumnType.TEXT);
        add(26, "oid", ColumnType.INT64);
        add(114, "json", ColumnType.JSON);
        add(650, "cidr", ColumnType.NETWORK);
        add(700, "float4", ColumnType.FLOAT32);
        add(701, "float8", ColumnType.FLOAT64);
        add(774, "macaddr8", ColumnType.NETWORK);
        add(829, "macaddr", ColumnType.NETWORK);
        add(869, "inet", ColumnType.NETWORK);
        add(1042, "bpchar", ColumnType.TEXT);
        add(1043, "varchar", ColumnType.TEXT);
        add(1082, "date", ColumnType.DATE);
        add(1083, "time", ColumnType.TIME);
        add(1114, "timestamp", ColumnType.TIMESTAMP);
        add(1184, "timestamptz", ColumnType.TIMESTAMP_TZ);
        add(1186, "interval", ColumnType.INTERVAL);
        add(1266, "timetz", ColumnType.TIME_TZ);
        add(1700, "numeric", ColumnType.DECIMAL);
        add(2950, "uuid", ColumnType.UUID);
        add(3802, "jsonb", ColumnType.JSON);
    }

    private static void add(final int oid, final String name, final ColumnType columnType) {
        BUILT_IN.put(oid, new PgType(name, columnType));
    }

    /**
     * The type of a fixed object id, which is the same in every database.
     *
     * @param oid the type's object id.
     * @return the type, or null when it must be looked up.
     */
    public static PgType builtIn(final int oid) {
        return BUILT_IN.get(oid);
    }

    /**
     * The type of one column: where a modifier says how a value is to be read (the digits of a number, the fraction of
     * a second), it becomes part of the name, as in {@code numeric(12,3)} or {@code timestamp(3)}.
     *
     * @param modifier as {@code pg_attribute.atttypmod} has it; negative for none.
     * @return the type with its modifier, or this.
     */
    public PgType withModifier(final int modifier) {
        if (modifier < 0) {
            return this;
        }
        final String element = name.startsWith("_") ? name.substring(1) : name;
        return switch (element) {
            case "numeric" -> new PgType(name + numericModifier(modifier - MODIFIER_HEADER_BYTES), columnType);
            case "time", "timetz", "timestamp", "timestamptz" -> new PgType(name + "(" + modifier + ")", columnType);
            default -> this;
        };
    }

    /** Precision in the upper half, scale in the lower 11 bits with a sign. */
    private static String numericModifier(final int modifier) {
        final int scale = ((modifier & NUMERIC_SCALE_MASK) ^ NUMERIC_SCALE_SIGN) - NUMERIC_SCALE_SIGN;
        return "(" + (modifier >>> Short.SIZE & 0xFFFF) + "," + scale + ")";
    }

    /**
     * What a row of {@code pg_type} describes.
     *
     * @param oid      the type's object id, or that of its base type for a domain.
     * @param schema   its schema.
     * @param name     its own name.
     * @param typtype  {@code pg_type.typtype}.
     * @param category {@code pg_type.typcategory}.
     * @return the type; {@link ColumnType#OTHER} for one that has no encoding of its own.
     */
    public static PgType of(
        final int oid, final String schema, final String name, final char typtype, final char category) {
        final PgType known = BUILT_IN.get(oid);
        if (known != null) {
            return known;
        }
        final String fullName = "pg_catalog".equals(schema) ? name : schema + "." + name;
        if (typtype == 'e') {
            return new PgType(fullName, ColumnType.ENUM);
        }
        if (category == 'A') {
            return new PgType(fullName, ColumnType.ARRAY);
        }
        // Citext and its like call themselves strings; they have no other form than their text.
        return new PgType(fullName, category == 'S' ? ColumnType.TEXT : ColumnType.OTHER);
    }
}
