package io.headrace.bus.adapter;

/** A batch, or a part of it, could not be delivered. Made on the thread of the lane that delivers. */
public final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureClass failureClass;
    private final int deliveredCount;
    private final int poisonIndex;

    private DeliveryException(
        final FailureClass failureClass,
        final int deliveredCount,
        final int poisonIndex,
        final String message,
        final Throwable cause) {
        super(message, cause);
        this.failureClass = failureClass;
        this.deliveredCount = deliveredCount;
        this.poisonIndex = poisonIndex;
    }

    /**
     * The target may take the rest later.
     *
     * @param deliveredCount how many events at the start of the batch are finished and must not be given again; 0
     *                       where the target rolled all of it back.
     * @param message        what happened, and what would mend it.
     * @param cause          the library's exception, or null.
     * @return the exception to throw.
     */
    public static DeliveryException retriable(final int deliveredCount, final String message, final Throwable cause) {
        return new DeliveryException(FailureClass.RETRIABLE, deliveredCount, -1, message, cause);
    }

    /**
     * One event can never be delivered.
     *
     * @param deliveredCount how many events at the start of the batch are finished; at most {@code poisonIndex}.
     * @param poisonIndex    the index in the batch of the event that cannot be delivered.
     * @param message        what is wrong with it.
     * @param cause          the library's exception, or null.
     * @return the exception to throw.
     */
    public static DeliveryException poison(
        final int deliveredCount, final int poisonIndex, final String message, final Throwable cause) {
        if (poisonIndex < deliveredCount) {
            throw new IllegalArgumentException(
                "poisonIndex=" + poisonIndex + " lies among the deliveredCount=" + deliveredCount);
        }
        return new DeliveryException(FailureClass.POISON, deliveredCount, poisonIndex, message, cause);
    }

    /**
     * Nothing can be delivered until a person acts: the flow stops, loudly.
     *
     * @param deliveredCount how many events at the start of the batch are finished.
     * @param message        what is wrong and what would mend it.
     * @param cause          the library's exception, or null.
     * @return the exception to throw.
     */
    public static DeliveryException fatal(final int deliveredCount, final String message, final Throwable cause) {
        return new DeliveryException(FailureClass.FATAL, deliveredCount, -1, message, cause);
    }

    /**
     * What can be done about it.
     *
     * @return the class of the failure.
     */
    public FailureClass failureClass() {
        return failureClass;
    }

    /**
     * How many events at the start of the batch are finished all the same.
     *
     * @return the count, from 0.
     */
    public int deliveredCount() {
        return deliveredCount;
    }

    /**
     * Which event is the poison.
     *
     * @return its index in the batch, or -1 when the class is not {@link FailureClass#POISON}.
     */
    public int poisonIndex() {
        return poisonIndex;
    }
}
