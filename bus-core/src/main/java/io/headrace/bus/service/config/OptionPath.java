package io.headrace.bus.service.config;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the line of an option that an adapter's own check names, as {@code tables[2].target}. Stateless. */
final class OptionPath {
    private static final Pattern STEP = Pattern.compile("\\[([0-9]{1,6})]|\\.?([^.\\[\\]]+)");

    private OptionPath() {
    }

    /** Where the option stands; where the way to it ends, when it is not in the file. */
    static Place placeOf(final String option, final MappingEntries entries) {
        final Matcher steps = STEP.matcher(option);
        if (!steps.find() || steps.group(2) == null) {
            return entries.place();
        }
        final String first = Names.kebab(steps.group(2));
        Optional<Node> node = entries.entry(first).map(MappingEntries.Entry::value);
        Place place = entries.placeOf(first);
        while (steps.find()) {
            final Place last = place;
            final String path;
            if (steps.group(1) != null) {
                path = last.path() + "[" + steps.group(1) + "]";
                node = node.flatMap(list -> element(list, Integer.parseInt(steps.group(1))));
            } else {
                final Optional<NodeTuple> entry = node.flatMap(mapping -> entry(mapping, steps.group(2)));
                path = last.pathOf(entry.map(e -> MappingEntries.scalar(e.getKeyNode()))
                    .orElse(Names.kebab(steps.group(2))));
                node = entry.map(NodeTuple::getValueNode);
            }
            place = node.filter(n -> !MappingEntries.isNull(n)).map(n -> Place.of(path, n))
                .orElse(new Place(path, last.line(), last.column()));
        }
        return place;
    }

    private static Optional<Node> element(final Node node, final int index) {
        final List<Node> elements = node instanceof SequenceNode list ? list.getValue() : List.of();
        return index < elements.size() ? Optional.of(elements.get(index)) : Optional.empty();
    }

    /** An option is written in kebab case; the key of a map is written as it is. */
    private static Optional<NodeTuple> entry(final Node node, final String name) {
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        for (final NodeTuple tuple : mapping.getValue()) {
            final String key = MappingEntries.scalar(tuple.getKeyNode());
            if (key.equals(name) || key.equals(Names.kebab(name))) {
                return Optional.of(tuple);
            }
        }
        return Optional.empty();
    }
}
