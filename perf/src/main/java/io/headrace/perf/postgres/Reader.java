package io.headrace.perf.postgres;

import java.util.Locale;

/** What is compared: ways of reading a table's changes. */
enum Reader {
    /** The driver alone, which blocks in the kernel for a millisecond at a time. */
    BARE,
    /** The driver alone; looks at the socket for two milliseconds after a message, yielding. */
    BARE_YIELD,
    /** Headrace as it comes: source and bus wait by {@code eco}. */
    HEADRACE_ECO,
    /** Headrace with source and bus waiting by {@code yield}. */
    HEADRACE_YIELD,
    /** Debezium's engine, asking for events every millisecond, which is its minimum. */
    DEBEZIUM_1MS,
    /** Debezium's engine as it comes. */
    DEBEZIUM_DEFAULTS;

    private static final String DEBEZIUM_MIN_POLL_MS = "1";

    /**
     * Starts to read the table of this name through the publication and a new slot of the same name.
     *
     * @param server   to read from.
     * @param name     of table, publication and slot.
     * @param receiver of the rows.
     * @return to be closed when done.
     */
    AutoCloseable start(final MeasuredServer server, final String name, final RowReceiver receiver) throws Exception {
        return switch (this) {
            case BARE -> new BareReader(server, name, receiver, false);
            case BARE_YIELD -> new BareReader(server, name, receiver, true);
            case HEADRACE_ECO -> new HeadraceReader(server.port(), name, "eco", "on", receiver);
            case HEADRACE_YIELD -> new HeadraceReader(server.port(), name, "yield", "on", receiver);
            case DEBEZIUM_1MS -> new DebeziumReader(server.port(), name, DEBEZIUM_MIN_POLL_MS, receiver);
            case DEBEZIUM_DEFAULTS -> new DebeziumReader(server.port(), name, null, receiver);
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
