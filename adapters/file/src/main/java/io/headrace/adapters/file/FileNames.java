package io.headrace.adapters.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Any thread, immutable: what the files of one sink are called, and which files of a directory are its own. */
final class FileNames {
    static final String PART_SUFFIX = ".part";
    static final String GZIP_SUFFIX = ".gz";
    private static final String NAME = "{name}";
    private static final String TIME = "{time}";
    private static final String COUNTER = "{counter}";
    private static final DateTimeFormatter TIME_FORMAT =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_COUNTER_DIGITS = 18;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Path directory;
    private final String pattern;
    private final Pattern regex;

    FileNames(final Path directory, final String pattern, final String sinkName) {
        this.directory = directory;
        this.pattern = pattern.replace(NAME, sinkName.replaceAll("[^A-Za-z0-9._-]", "_"));
        final StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = this.pattern.indexOf('{'); i >= 0; i = this.pattern.indexOf('{', from)) {
            text.append(Pattern.quote(this.pattern.substring(from, i)));
            final boolean isTime = this.pattern.startsWith(TIME, i);
            text.append(isTime ? "\\d{8,}T\\d{6}Z" : "(?<counter>\\d{1," + MAX_COUNTER_DIGITS + "})");
            from = i + (isTime ? TIME : COUNTER).length();
        }
        text.append(Pattern.quote(this.pattern.substring(from)));
        regex = Pattern.compile("(?<file>" + text + ")(?<suffix>|\\.part|\\.gz|\\.gz\\.part)");
    }

    /** Half a sentence for what is wrong with a pattern, or null. */
    static String problemOf(final String pattern) {
        final int counterAt = pattern.indexOf(COUNTER);
        if (counterAt < 0 || pattern.indexOf(COUNTER, counterAt + 1) >= 0) {
            return "file-name=" + pattern + " does not hold {counter} exactly once";
        }
        final String rest = pattern.replace(NAME, "").replace(TIME, "").replace(COUNTER, "");
        if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
            return "file-name=" + pattern + " holds something in braces that is not {name}, {time} or {counter}";
        }
        if (rest.indexOf('/') >= 0 || rest.indexOf('\0') >= 0 || pattern.startsWith(".")) {
            return "file-name=" + pattern + " is no plain file name";
        }
        return null;
    }

    /** The name, when completed, of a file begun now. */
    Path completed(final long epochNs, final long counter) {
        final String time = TIME_FORMAT.format(Instant.ofEpochSecond(Math.floorDiv(epochNs, NANOS_PER_SECOND)));
        return directory.resolve(
            pattern.replace(TIME, time).replace(COUNTER, String.format(Locale.ROOT, "%06d", counter)));
    }

    static Path part(final Path completed) {
        return completed.resolveSibling(completed.getFileName() + PART_SUFFIX);
    }

    static Path gzip(final Path completed) {
        return completed.resolveSibling(completed.getFileName() + GZIP_SUFFIX);
    }

    /** Whether a completed file of this name may be made without touching one that is there. */
    static boolean isFree(final Path completed) {
        return Files.notExists(completed) && Files.notExists(gzip(completed));
    }

    /** Where it is kept how far these files hold the events; hidden, as it is no file of events. */
    Path position() {
        return directory.resolve("." + pattern.replaceAll("[{}]", "").replace('.', '-') + ".position");
    }

    Path directory() {
        return directory;
    }

    /** All files of this sink, whatever became of them, in the order of their counters. */
    List<OwnFile> list() throws IOException {
        final List<OwnFile> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (final Path entry : entries) {
                final Matcher matcher = regex.matcher(entry.getFileName().toString());
                if (matcher.matches()) {
                    files.add(new OwnFile(
                        entry,
                        directory.resolve(matcher.group("file")),
                        matcher.group("suffix"),
                        Long.parseLong(matcher.group("counter"))));
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort((a, b) -> Long.compare(a.counter, b.counter));
        return files;
    }

    /**
     * A file that was found.
     *
     * @param path      where it is.
     * @param completed its name when completed and not compressed.
     * @param suffix    what stands behind that name.
     * @param counter   in its name.
     */
    record OwnFile(Path path, Path completed, String suffix, long counter) {
    }
}
