package io.headrace.bus.adapter;

/**
 * A value that must not be shown: it is left out of messages, logs and printed configurations.
 *
 * @param value the secret itself.
 */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
