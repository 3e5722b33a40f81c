package io.headrace.client;

import io.headrace.codecs.sbe.link.StartKind;

/** Where a subscription begins. Immutable. */
public final class StartAt {
    private final StartKind kind;
    private final long value;

    private StartAt(final StartKind kind, final long value) {
        this.kind = kind;
        this.value = value;
    }

    /** {@return what is recorded from the time on that the service takes the request} */
    public static StartAt now() {
        return new StartAt(StartKind.NOW, 0);
    }

    /** {@return the first event that the log still has} */
    public static StartAt start() {
        return new StartAt(StartKind.START, 0);
    }

    /**
     * The place behind what is known already.
     *
     * @param sequence the first one wanted, such as {@link RemoteSubscription#nextSequence()} of an earlier run.
     * @return that place; refused when the log does not have it any more.
     */
    public static StartAt sequence(final long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence=" + sequence + " is negative");
        }
        return new StartAt(StartKind.SEQUENCE, sequence);
    }

    /**
     * A time.
     *
     * @param timeNs since the Unix epoch: the first event that was published then or later is the first one.
     * @return that place.
     */
    public static StartAt time(final long timeNs) {
        return new StartAt(StartKind.TIME, timeNs);
    }

    StartKind kind() {
        return kind;
    }

    long value() {
        return value;
    }

    @Override
    public String toString() {
        return kind == StartKind.NOW || kind == StartKind.START ? kind.name() : kind + " " + value;
    }
}
