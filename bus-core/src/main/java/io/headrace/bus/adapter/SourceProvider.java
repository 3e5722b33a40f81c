package io.headrace.bus.adapter;

/**
 * Makes sources of one type; found by {@link java.util.ServiceLoader}.
 *
 * @param <O> the options record.
 */
public interface SourceProvider<O extends Record> extends AdapterProvider<O> {
    /**
     * Builds a source whole; it neither connects nor starts a thread before {@link Source#start()}.
     *
     * @param options valid options.
     * @param context what the bus gives to this source.
     * @return the source.
     * @throws IllegalArgumentException when the options cannot work together, with {@code name=value} in the message.
     */
    Source createSource(O options, SourceContext context);
}
