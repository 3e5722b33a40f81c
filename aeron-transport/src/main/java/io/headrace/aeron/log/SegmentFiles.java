package io.headrace.aeron.log;

import io.headrace.bus.log.LogException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The segment files of one recording: their names and what is there. Immutable but for the file system under it, for
 * any thread.
 */
final class SegmentFiles {
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})\\.rec");

    private final Path folder;
    private final Recording recording;

    SegmentFiles(final Path folder, final Recording recording) {
        this.folder = folder;
        this.recording = recording;
    }

    /** {@return the log's folder} */
    Path folder() {
        return folder;
    }

    /** {@return the recording whose segments these are} */
    Recording recording() {
        return recording;
    }

    /** {@return the file's name of the segment that begins at the position} */
    String name(final long basePosition) {
        return recording.recordingId() + "-" + basePosition + ".rec";
    }

    /** {@return the file of the segment that begins at the position} */
    Path path(final long basePosition) {
        return folder.resolve(name(basePosition));
    }

    /**
     * Looks which segments are there.
     *
     * @return the log positions at which they begin, in order; gaps show as differences of more than a segment.
     */
    long[] bases() {
        long[] bases = new long[16];
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.rec")) {
            for (final Path file : files) {
                final Matcher matcher = NAME.matcher(file.getFileName().toString());
                if (!matcher.matches() || Long.parseLong(matcher.group(1)) != recording.recordingId()) {
                    continue;
                }
                final long base = Long.parseLong(matcher.group(2));
                if (base != recording.segmentBase(base)) {
                    throw new LogException(
                        LogException.Category.MISMATCH,
                        file + " does not begin where a segment of " + recording.segmentLengthBytes()
                            + " bytes can begin",
                        null);
                }
                if (count == bases.length) {
                    bases = Arrays.copyOf(bases, count * 2);
                }
                bases[count++] = base;
            }
        } catch (final IOException | java.nio.file.DirectoryIteratorException e) {
            throw new LogException(LogException.Category.STORAGE, "cannot list " + folder, e);
        }
        final long[] found = Arrays.copyOf(bases, count);
        Arrays.sort(found);
        return found;
    }

    /**
     * The first log position that is still there, as the files and the catalog have it now.
     *
     * @return the position.
     */
    long firstPosition() {
        final Recording now = ArchiveCatalog.read(folder);
        final long start = now == null ? recording.startPosition() : now.startPosition();
        final long[] bases = bases();
        return bases.length == 0 ? start : Math.max(start, bases[0]);
    }
}
