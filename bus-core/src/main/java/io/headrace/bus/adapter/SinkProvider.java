package io.headrace.bus.adapter;

/**
 * Makes sinks of one type; found by {@link java.util.ServiceLoader}.
 *
 * @param <O> the options record.
 */
public interface SinkProvider<O extends Record> extends AdapterProvider<O> {
    /**
     * What sinks of this type can do; a flow that asks for more is refused before anything starts.
     *
     * @param options valid options.
     * @return the capabilities.
     */
    SinkCapabilities capabilities(O options);

    /**
     * Builds a sink whole, one for each lane of its subscription. It does not connect: a target that is away when the
     * service starts is a retriable failure of the first {@link Sink#deliver(EventBatch)}.
     *
     * @param options valid options.
     * @param context what the bus gives to this sink.
     * @return the sink.
     * @throws IllegalArgumentException when the options cannot work together, with {@code name=value} in the message.
     */
    Sink createSink(O options, SinkContext context);
}
