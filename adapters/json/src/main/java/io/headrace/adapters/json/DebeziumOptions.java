package io.headrace.adapters.json;

/**
 * What Debezium's connector would have been told. Any thread, immutable.
 *
 * @param database                    the database's name, {@code source.db}; events do not carry it.
 * @param decimalHandling             {@code decimal.handling.mode}.
 * @param intervalHandling            {@code interval.handling.mode}.
 * @param unavailableValuePlaceholder {@code unavailable.value.placeholder}.
 */
public record DebeziumOptions(
    String database,
    DecimalHandling decimalHandling,
    IntervalHandling intervalHandling,
    String unavailableValuePlaceholder) {

    /** How decimals and money are written. */
    public enum DecimalHandling {
        /** The unscaled value in base64, with its scale where the column has none of its own. */
        PRECISE,
        /** Their digits as a string. */
        STRING
    }

    /** How intervals are written. */
    public enum IntervalHandling {
        /** Microseconds, a month counting as the twelfth part of 365.25 days. */
        NUMERIC,
        /** ISO 8601 with every part. */
        STRING
    }

    /**
     * Debezium's own defaults, for a database without a name.
     *
     * @return the options.
     */
    public static DebeziumOptions defaults() {
        return new DebeziumOptions(
            "", DecimalHandling.PRECISE, IntervalHandling.NUMERIC, "__debezium_unavailable_value");
    }

    /**
     * The same for another database.
     *
     * @param name of the database.
     * @return the options.
     */
    public DebeziumOptions withDatabase(final String name) {
        return new DebeziumOptions(name, decimalHandling, intervalHandling, unavailableValuePlaceholder);
    }

    /**
     * The same with another form of decimals.
     *
     * @param handling of decimals.
     * @return the options.
     */
    public DebeziumOptions withDecimalHandling(final DecimalHandling handling) {
        return new DebeziumOptions(database, handling, intervalHandling, unavailableValuePlaceholder);
    }

    /**
     * The same with another form of intervals.
     *
     * @param handling of intervals.
     * @return the options.
     */
    public DebeziumOptions withIntervalHandling(final IntervalHandling handling) {
        return new DebeziumOptions(database, decimalHandling, handling, unavailableValuePlaceholder);
    }
}
