package io.headrace.bus.service.config;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

import java.util.Optional;

/**
 * Where something stands in the configuration file. Immutable.
 *
 * @param path   of the option.
 * @param line   from 1; 0 for the file as a whole.
 * @param column from 1; 0 for the file as a whole.
 */
record Place(String path, int line, int column) {
    static final Place FILE = new Place("", 0, 0);

    static Place of(final String path, final Node node) {
        return of(path, node.getStartMark());
    }

    static Place of(final String path, final Optional<Mark> mark) {
        return mark.map(m -> new Place(path, m.getLine() + 1, m.getColumn() + 1)).orElse(new Place(path, 0, 0));
    }

    /** The path of an option inside the one at this place. */
    String pathOf(final String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** This line, for something that is missing inside. */
    Place missing(final String name) {
        return new Place(pathOf(name), line, column);
    }
}
