package io.headrace.bus.service.config;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The entries of one mapping of the file, by name, in its order. Owned by the thread that loads a configuration. */
final class MappingEntries {
    private static final Set<String> NULL_WORDS = Set.of("", "~", "null", "Null", "NULL");

    private final Place place;
    private final Map<String, Entry> byName = new LinkedHashMap<>();

    private MappingEntries(final Place place) {
        this.place = place;
    }

    /**
     * One entry.
     *
     * @param name  its key.
     * @param place where the key stands.
     * @param value what it holds.
     */
    record Entry(String name, Place place, Node value) {
        /** Where the value stands; a missing value stands where its key does. */
        Place valuePlace() {
            return isNull(value) ? place : Place.of(place.path(), value);
        }
    }

    /** A mapping that is not there. */
    static MappingEntries none(final Place place) {
        return new MappingEntries(place);
    }

    /**
     * Reads a mapping. Nothing behind a key is an empty mapping; anything else is a problem and empty.
     *
     * @param place where its key stands.
     * @param what  it is, for the message.
     */
    static Optional<MappingEntries> of(
        final Node node, final Place place, final String what, final ProblemCollector problems) {
        final MappingEntries entries = new MappingEntries(place);
        if (isNull(node)) {
            return Optional.of(entries);
        }
        if (!(node instanceof MappingNode mapping) || hasOwnTag(node)) {
            problems.error(Place.of(place.path(), node), "expected " + what + ", but found " + describe(node),
                "Write one 'name: value' per line, indented below");
            return Optional.empty();
        }
        for (final NodeTuple tuple : mapping.getValue()) {
            entries.add(tuple, problems);
        }
        return Optional.of(entries);
    }

    private void add(final NodeTuple tuple, final ProblemCollector problems) {
        final Node keyNode = tuple.getKeyNode();
        if (!(keyNode instanceof ScalarNode key) || hasOwnTag(keyNode)) {
            problems.error(Place.of(place.path(), keyNode), "a key must be a plain word, but is " + describe(keyNode),
                "Write 'name: value'");
            return;
        }
        final String name = key.getValue();
        final Place keyPlace = Place.of(place.pathOf(Names.shownPlain(name)), keyNode);
        final Entry first = byName.putIfAbsent(name, new Entry(name, keyPlace, tuple.getValueNode()));
        if (first != null) {
            problems.error(keyPlace, Names.shown(name) + " is given twice, first on line " + first.place().line(),
                "Keep one of them");
        }
    }

    Place place() {
        return place;
    }

    Optional<Entry> entry(final String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Collection<Entry> all() {
        return byName.values();
    }

    /** Where an option's value stands, or where it is missing. */
    Place placeOf(final String name) {
        return entry(name).map(Entry::valuePlace).orElseGet(() -> name.isEmpty() ? place : place.missing(name));
    }

    void refuseOthers(final Collection<String> known, final ProblemCollector problems) {
        for (final Entry entry : byName.values()) {
            if (!known.contains(entry.name())) {
                problems.error(entry.place(), "unknown option " + Names.shown(entry.name()),
                    Names.suggestion(entry.name(), known));
            }
        }
    }

    static boolean isNull(final Node node) {
        return node instanceof ScalarNode scalar && scalar.isPlain() && NULL_WORDS.contains(scalar.getValue()) &&
            !hasOwnTag(node);
    }

    /** What stands in the file for a scalar; empty for anything else. */
    static String scalar(final Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** Whether a node has a tag that is not YAML's own: it asks for something that nobody here does. */
    static boolean hasOwnTag(final Node node) {
        // The library marks a plain ${NAME} with a tag of its own.
        return !node.getTag().getValue().startsWith(Tag.PREFIX) && !Tag.ENV_TAG.equals(node.getTag());
    }

    /** What a node is, without what it holds. */
    static String describe(final Node node) {
        if (hasOwnTag(node)) {
            return "a tag (!name)";
        }
        if (isNull(node)) {
            return "nothing";
        }
        return switch (node.getNodeType()) {
            case MAPPING -> "a mapping";
            case SEQUENCE -> "a list";
            default -> "a single value";
        };
    }
}
