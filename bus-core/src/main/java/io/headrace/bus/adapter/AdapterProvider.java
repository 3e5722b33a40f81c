package io.headrace.bus.adapter;

import java.util.List;

/**
 * What is common to the providers of sources and sinks. Called on the thread that starts the service or that runs a
 * command; a provider holds no state.
 *
 * @param <O> the record whose components are the adapter's options, each annotated with {@link Option}.
 */
public interface AdapterProvider<O extends Record> {
    /**
     * The name under which a configuration asks for this adapter, in lower case, for example {@code postgres}.
     *
     * @return the adapter's type.
     */
    String type();

    /**
     * One sentence for the list of adapters and the reference documentation.
     *
     * @return what the adapter does.
     */
    String description();

    /**
     * The options: binding, validation, the JSON Schema and the reference documentation are all made from this record.
     *
     * @return the class of the options record.
     */
    Class<O> optionsType();

    /**
     * Looks at the outside system without changing it, and finds what would keep the adapter from working.
     *
     * @param options valid options.
     * @return one finding for each thing checked, in the order in which a person would mend them; empty when this
     * adapter has nothing to check. A system that cannot be reached is a finding, not an exception.
     */
    default List<PreflightFinding> preflight(final O options) {
        return List.of();
    }
}
