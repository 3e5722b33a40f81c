package io.headrace.codecs;

/**
 * Any thread: why a view refused the bytes that it was given, or {@link #NONE}. Constants only, so that refusing a
 * message costs no allocation.
 */
public enum DecodeError {
    /** The message is well-formed and may be read. */
    NONE("the message is well-formed", "nothing to do"),

    /** The given offset and length do not lie inside the given buffer. */
    BAD_RANGE(
        "the range given does not lie inside the buffer",
        "pass the offset and length of one message within the buffer"),

    /** The message ends before its header, its block, or a field whose length says that there is more. */
    TRUNCATED(
        "the message ends before one of its fields does",
        "pass the whole message; if the length is right, its writer was cut off or the bytes are damaged"),

    /** The header names another SBE schema. */
    BAD_SCHEMA(
        "the header names a schema that is not Headrace's",
        "these bytes are no Headrace message: check where they come from"),

    /** The header names another message of the schema. */
    BAD_TEMPLATE(
        "the header names another kind of message",
        "choose the view by the event's kind; if it agrees, the writer set a kind that its payload is not"),

    /** The header carries a schema version that never existed. */
    BAD_VERSION(
        "the header carries a schema version that does not exist",
        "the header is damaged, or the writer did not write it"),

    /** A block is shorter than its version of the schema says. */
    BAD_BLOCK(
        "a fixed block is shorter than its version of the schema says",
        "the header is damaged, or the writer does not follow the schema"),

    /** A length is above its limit, or does not fit the type or state of the value. */
    BAD_LENGTH(
        "a length is above its limit or does not fit the type of its value",
        "the bytes are damaged, or the writer does not follow the schema"),

    /** An enumeration that decides how to read on has a value that this version does not know. */
    BAD_ENUM(
        "an enumeration has a value that is unknown here",
        "update this reader if its writer is newer; otherwise the writer left a required field unset"),

    /** A value of the right length that its type does not allow, such as a boolean of 7. */
    BAD_VALUE(
        "a value is outside of what its type allows",
        "the bytes are damaged, or the writer does not follow the schema"),

    /** Bytes follow the end of a message whose version has nothing there. */
    TRAILING_BYTES(
        "bytes follow the end of the message",
        "pass the message's exact length, without padding");

    private final String description;
    private final String remedy;

    DecodeError(final String description, final String remedy) {
        this.description = description;
        this.remedy = remedy;
    }

    /**
     * What is wrong with the message.
     *
     * @return half a sentence for a log line or a parked event.
     */
    public String description() {
        return description;
    }

    /**
     * What a person can do about it.
     *
     * @return half a sentence for a log line or a parked event.
     */
    public String remedy() {
        return remedy;
    }
}
