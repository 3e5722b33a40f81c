package io.headrace.bus.service.config;

/** What sort of value an option takes. */
public enum OptionKind {
    /** Any text. */
    TEXT("text", true),
    /** {@code true} or {@code false}. */
    BOOLEAN("boolean", true),
    /** A whole number of 32 bits. */
    INT("whole number", true),
    /** A whole number of 64 bits. */
    LONG("whole number", true),
    /** A decimal number. */
    DOUBLE("number", true),
    /** One of a few names. */
    CHOICE("choice", true),
    /** A duration, as {@code 250ms} or {@code PT5S}. */
    DURATION("duration", true),
    /** An amount of bytes, as {@code 64KiB}. */
    BYTE_SIZE("size", true),
    /** A text that is never shown. */
    SECRET("secret", true),
    /** Options of its own. */
    RECORD("options", false),
    /** A value that may be missing. */
    OPTIONAL("optional", false),
    /** Values in order. */
    LIST("list", false),
    /** Values by name. */
    MAP("map", false);

    private final String text;
    private final boolean scalar;

    OptionKind(final String text, final boolean scalar) {
        this.text = text;
        this.scalar = scalar;
    }

    /**
     * The kind in words, for people.
     *
     * @return the words.
     */
    public String text() {
        return text;
    }

    /**
     * Whether a value of this kind is written as one word or number.
     *
     * @return false for options of its own, lists, maps, and for what may be missing.
     */
    public boolean isScalar() {
        return scalar;
    }
}
