package io.headrace.bus.log;

/** What a record of the event log is. The code stands in the record's header and never changes its meaning. */
public enum RecordType {
    /** An event, with its place in the total order. */
    EVENT(1),
    /** An SBE control message, between the events. */
    CONTROL(2),
    /** The SBE message that closes a checkpoint: recovery begins at the start position that it names. */
    CHECKPOINT_END(3);

    private final int code;

    RecordType(final int code) {
        this.code = code;
    }

    /** {@return the code in a record's header} */
    public int code() {
        return code;
    }

    /**
     * The type of a code.
     *
     * @param code of a record's header.
     * @return the type, or null for a code that this version does not know.
     */
    public static RecordType of(final int code) {
        return switch (code) {
            case 1 -> EVENT;
            case 2 -> CONTROL;
            case 3 -> CHECKPOINT_END;
            default -> null;
        };
    }
}
