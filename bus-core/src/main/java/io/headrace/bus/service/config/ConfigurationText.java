package io.headrace.bus.service.config;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a file and turns its text into YAML nodes that know their lines; stateless. Bounded in size, nesting and
 * aliases, as the text may come from anyone who can send a file to be checked. No message quotes the text: a library's
 * own messages show a piece of the line, which may hold a secret.
 */
final class ConfigurationText {
    /** The largest configuration file. */
    static final int MAX_BYTES = 1024 * 1024;
    /** How deep mappings and lists may stand in each other; the library composes nodes by recursion. */
    static final int MAX_NESTING = 32;
    /** How many aliases of mappings and lists a file may use. */
    static final int MAX_ALIASES = 100;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ConfigurationText() {
    }

    /** Reads the text of a file; what cannot be read is a problem and empty. */
    static Optional<String> read(final Path file, final ProblemCollector problems) {
        try {
            if (Files.isDirectory(file)) {
                problems.error(Place.FILE, "the file is a folder", "Name the configuration file itself");
                return Optional.empty();
            }
            return Optional.of(read(file, MAX_BYTES));
        } catch (final NoSuchFileException e) {
            problems.error(Place.FILE, "there is no such file", "Name an existing YAML file");
        } catch (final AccessDeniedException e) {
            problems.error(Place.FILE, "the file may not be read", "Give this user the right to read it");
        } catch (final CharacterCodingException e) {
            problems.error(Place.FILE, "the file is not UTF-8 text", "Save it as UTF-8");
        } catch (final TooLargeException e) {
            problems.error(Place.FILE, "the file is larger than " + MAX_BYTES + " bytes", "Make it smaller");
        } catch (final IOException e) {
            problems.error(Place.FILE, "the file cannot be read: " + e.getClass().getSimpleName(),
                "Look at the file and its disk");
        }
        return Optional.empty();
    }

    /** Reads at most so many bytes of UTF-8. */
    static String read(final Path file, final int maxBytes) throws IOException {
        final byte[] bytes;
        try (InputStream input = Files.newInputStream(file)) {
            bytes = input.readNBytes(maxBytes + 1);
        }
        if (bytes.length > maxBytes) {
            throw new TooLargeException();
        }
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** Composes the nodes of one YAML document; what is no YAML is a problem and empty, as is an empty text. */
    static Optional<Node> compose(final String text, final ProblemCollector problems) {
        final String yaml = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        final LoadSettings settings = LoadSettings.builder()
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setAllowRecursiveKeys(false)
            // Refused later, with what would be right.
            .setAllowNonScalarKeys(true)
            .setCodePointLimit(MAX_BYTES)
            .build();
        try {
            final Parser parser = new ParserImpl(settings, new StreamReader(settings, yaml));
            return new Composer(settings, new BoundedParser(parser)).getSingleNode();
        } catch (final MarkedYamlEngineException e) {
            final Place place = Place.of("", e.getProblemMark().or(e::getContextMark));
            problems.error(place, "this is no valid YAML: " + plain(e), remedy(e, yaml, place.line()));
        } catch (final YamlEngineException e) {
            problems.error(Place.FILE, "this is no valid YAML: " + kind(e),
                "Look for characters that cannot be printed, for %YAML lines, and for too many aliases");
        }
        return Optional.empty();
    }

    /** The maps, lists and values that a default or an example stands for. */
    static Object plainTree(final String yaml) {
        return new Load(LoadSettings.builder().setCodePointLimit(MAX_BYTES).build()).loadFromString(yaml);
    }

    /** What the library says, in so far as it cannot hold a piece of the text. */
    private static String plain(final MarkedYamlEngineException e) {
        final String problem = e.getProblem() == null ? "" : e.getProblem();
        if (problem.contains("alias")) {
            return "an alias (*name) refers to no anchor (&name)";
        }
        if (problem.contains("tag handle") || problem.contains("anchor")) {
            return "a tag (!name) or an anchor (&name) is not right";
        }
        final int advice = problem.indexOf(". (Do not use");
        final String plain = advice < 0 ? problem : problem.substring(0, advice);
        return plain.replaceFirst("^but ", "").replace("(TAB)", "");
    }

    private static String kind(final YamlEngineException e) {
        return e.getMessage() != null && e.getMessage().contains("aliases") ?
            "more than " + MAX_ALIASES + " aliases" : "it cannot be parsed";
    }

    private static String remedy(final MarkedYamlEngineException e, final String yaml, final int line) {
        if (e instanceof TooDeepException) {
            return "Nest mappings and lists less deeply";
        }
        final String wrongLine = yaml.lines().skip(Math.max(0, line - 1)).findFirst().orElse("");
        if (wrongLine.indexOf('\t') >= 0) {
            return "Indent with spaces, not with tabs";
        }
        if (wrongLine.contains("${") && (wrongLine.indexOf('[') >= 0 || wrongLine.indexOf('{') >= 0)) {
            return "Put a value with ${...} that stands inside [..] or {..} into quotes";
        }
        return "Look at the indentation, at the colons and quotes here and just above, and put values with special" +
            " characters into quotes";
    }

    /** A file that is larger than it may be. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class TooDeepException extends ParserException {
        private static final long serialVersionUID = 1L;

        TooDeepException(final Optional<Mark> mark) {
            super("", Optional.empty(), "mappings and lists stand more than " + MAX_NESTING + " deep in each other",
                mark);
        }
    }

    /** Stops where the nesting becomes too deep for the recursion behind it. */
    private static final class BoundedParser implements Parser {
        private final Parser parser;
        private int depth;

        BoundedParser(final Parser parser) {
            this.parser = parser;
        }

        @Override
        public boolean checkEvent(final Event.ID choice) {
            return parser.checkEvent(choice);
        }

        @Override
        public Event peekEvent() {
            return parser.peekEvent();
        }

        @Override
        public boolean hasNext() {
            return parser.hasNext();
        }

        @Override
        public Event next() {
            final Event event = parser.next();
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {
                    return event;
                }
            }
            if (depth > MAX_NESTING) {
                throw new TooDeepException(event.getStartMark());
            }
            return event;
        }
    }
}
