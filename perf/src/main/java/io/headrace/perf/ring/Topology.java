package io.headrace.perf.ring;

/** How publishers and consumers are joined. Every consumer gets every event. */
enum Topology {
    /** One publisher, one consumer. */
    ONE_TO_ONE("1P1C", 1, 1),
    /** Three publishers, one consumer. */
    THREE_TO_ONE("3P1C", 3, 1),
    /** One publisher, three consumers. */
    ONE_TO_THREE("1P3C", 1, 3),
    /** One publisher, two consumers, and a third one that gets an event when both have had it. */
    DIAMOND("diamond", 1, 3);

    private final String label;
    private final int publisherCount;
    private final int consumerCount;

    Topology(final String label, final int publisherCount, final int consumerCount) {
        this.label = label;
        this.publisherCount = publisherCount;
        this.consumerCount = consumerCount;
    }

    String label() {
        return label;
    }

    int publisherCount() {
        return publisherCount;
    }

    int consumerCount() {
        return consumerCount;
    }
}
