package io.headrace.bus.service.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Puts values from the environment and from secret files into scalars: {@code ${NAME}}, {@code ${NAME:default}} and
 * {@code ${file:PATH}}; {@code $${} stands for the characters <code>${</code> themselves. Owned by the thread that
 * loads a configuration.
 */
final class ValueSubstitution {
    /** The largest secret file: certificates with their chains fit. */
    static final int MAX_FILE_BYTES = 64 * 1024;

    private static final String FILE_PREFIX = "file:";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Shorter values from the environment are numbers and switches, not secrets. */
    private static final int MIN_SECRET_LENGTH = 4;

    private final Path folder;
    private final Map<String, String> environment;
    private final ProblemCollector problems;

    ValueSubstitution(final Path folder, final Map<String, String> environment, final ProblemCollector problems) {
        this.folder = folder;
        this.environment = environment;
        this.problems = problems;
    }

    /** The text with its values; empty, with a problem, when one is missing. */
    Optional<String> substitute(final String raw, final Place place) {
        final StringBuilder text = new StringBuilder();
        boolean complete = true;
        int index = 0;
        while (index < raw.length()) {
            if (raw.startsWith("$${", index)) {
                text.append("${");
                index += 3;
            } else if (raw.startsWith("${", index)) {
                final int end = raw.indexOf('}', index);
                if (end < 0) {
                    problems.error(place, "'${' is not closed",
                        "Close it with '}', or write '$${' for the characters '${' themselves");
                    return Optional.empty();
                }
                final Optional<String> value = value(raw.substring(index + 2, end), place);
                value.ifPresent(text::append);
                complete &= value.isPresent();
                index = end + 1;
            } else {
                text.append(raw.charAt(index));
                index++;
            }
        }
        return complete ? Optional.of(text.toString()) : Optional.empty();
    }

    private Optional<String> value(final String expression, final Place place) {
        if (expression.startsWith(FILE_PREFIX)) {
            return fileValue(expression.substring(FILE_PREFIX.length()).strip(), place);
        }
        final int colon = expression.indexOf(':');
        final String name = colon < 0 ? expression : expression.substring(0, colon);
        if (!VARIABLE.matcher(name).matches()) {
            problems.error(place, Names.shown(name) + " is no name of an environment variable",
                "Write ${NAME}, ${NAME:default} or ${file:PATH}, or '$${' for the characters '${' themselves");
            return Optional.empty();
        }
        final String value = environment.get(name);
        if (value != null) {
            if (value.length() >= MIN_SECRET_LENGTH) {
                problems.secret(value);
            }
            return Optional.of(value);
        }
        if (colon < 0) {
            problems.error(place, "the environment has no variable " + Names.shown(name),
                "Set it before the start, or give a default: ${" + name + ":default}");
            return Optional.empty();
        }
        return Optional.of(expression.substring(colon + 1));
    }

    private Optional<String> fileValue(final String written, final Place place) {
        final String shown = "the secret file " + Names.shown(written);
        try {
            final Path file = folder.resolve(written);
            // Only plain files: reading a pipe would wait for its writer.
            if (written.isEmpty() || Files.exists(file) && !Files.isRegularFile(file)) {
                problems.error(place, shown + " is no file",
                    "Name a file, relative to the configuration file's folder");
                return Optional.empty();
            }
            final String content = ConfigurationText.read(file, MAX_FILE_BYTES);
            warnIfOpen(file, shown, place);
            final String value = withoutTrailingNewline(content);
            problems.secret(value);
            return Optional.of(value);
        } catch (final InvalidPathException e) {
            problems.error(place, shown + " has a name that no file can have", "Name an existing file");
        } catch (final NoSuchFileException e) {
            problems.error(place, shown + " does not exist",
                "Create it; a path is relative to the configuration file's folder");
        } catch (final CharacterCodingException e) {
            problems.error(place, shown + " is not UTF-8 text", "Save it as UTF-8");
        } catch (final ConfigurationText.TooLargeException e) {
            problems.error(place, shown + " is larger than " + MAX_FILE_BYTES + " bytes", "Name a file with one value");
        } catch (final IOException e) {
            problems.error(place, shown + " cannot be read: " + e.getClass().getSimpleName(),
                "Give this user the right to read it");
        }
        return Optional.empty();
    }

    private void warnIfOpen(final Path file, final String shown, final Place place) throws IOException {
        // A file system without POSIX permissions (Windows) has no "others" to look for.
        if (Files.getFileStore(file).supportsFileAttributeView("posix") &&
            Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            problems.warning(place, shown + " can be read by every user of this machine",
                "Take the right away: chmod o-r");
        }
    }

    private static String withoutTrailingNewline(final String content) {
        if (content.endsWith("\r\n")) {
            return content.substring(0, content.length() - 2);
        }
        return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    }
}
