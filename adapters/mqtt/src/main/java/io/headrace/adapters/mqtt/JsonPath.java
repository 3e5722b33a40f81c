package io.headrace.adapters.mqtt;

import java.util.Optional;

/** Any thread, immutable: a JSON pointer (RFC 6901) taken apart, to be followed while a document streams by. */
final class JsonPath {
    private static final int NO_INDEX = -1;

    private final String[] names;
    private final int[] indexes;

    private JsonPath(final String[] names) {
        this.names = names;
        indexes = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            indexes[i] = names[i].matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(names[i]) : NO_INDEX;
        }
    }

    /**
     * Takes a pointer apart.
     *
     * @throws IllegalArgumentException when it is no JSON pointer.
     */
    static JsonPath parse(final String pointer) {
        problem(pointer).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        if (pointer.isEmpty()) {
            return new JsonPath(new String[0]);
        }
        final String[] names = pointer.substring(1).split("/", -1);
        for (int i = 0; i < names.length; i++) {
            names[i] = names[i].replace("~1", "/").replace("~0", "~");
        }
        return new JsonPath(names);
    }

    /** What is wrong with a pointer, if anything. */
    static Optional<String> problem(final String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            return Optional.of("'" + pointer + "' is no JSON pointer: it does not begin with /");
        }
        return pointer.matches("(?s)([^~]|~[01])*") ? Optional.empty() :
            Optional.of("'" + pointer + "' is no JSON pointer: ~ must be written ~0");
    }

    /** How many steps it is from the root. */
    int depth() {
        return names.length;
    }

    /** Whether it goes on through the field of this name at this depth. */
    boolean goesThrough(final int depth, final String name) {
        return depth < names.length && names[depth].equals(name);
    }

    /** Whether it goes on through this element of an array at this depth. */
    boolean goesThrough(final int depth, final int index) {
        return depth < names.length && indexes[depth] == index;
    }
}
