package io.headrace.bus.ring;

/**
 * The layout of a frame in the ring's arena: a header, and then the event. Little endian; a frame begins at the start
 * of a slot.
 *
 * <pre>
 *   0               4               8                               16
 *   +---------------+---------------+-------------------------------+-----------------------
 *   | event length  |  slot count   |   published at (monotonic ns) |  event (SBE) …
 *   +---------------+---------------+-------------------------------+-----------------------
 * </pre>
 *
 * An event length of 0 marks a claim that was given up: readers skip it.
 */
final class FrameDescriptor {
    static final int EVENT_LENGTH_OFFSET = 0;
    static final int SLOT_COUNT_OFFSET = 4;
    static final int PUBLISHED_AT_OFFSET = 8;
    static final int HEADER_LENGTH = 16;

    private FrameDescriptor() {
    }
}
