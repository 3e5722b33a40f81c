package io.headrace.bus.adapter;

/**
 * An amount of bytes as a configuration writes it.
 *
 * @param bytes the amount in bytes, from 0.
 */
public record ByteSize(long bytes) {
    /** Checks the bound. */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes=" + bytes + " is negative");
        }
    }

    /**
     * The amount as an int.
     *
     * @return bytes.
     * @throws ArithmeticException when it does not fit.
     */
    public int intBytes() {
        return Math.toIntExact(bytes);
    }
}
