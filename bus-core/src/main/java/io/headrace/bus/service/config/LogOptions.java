package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.SyncLevel;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of the event log: the part {@code log} of the section {@code bus}. Immutable.
 *
 * @param path          where the segments are.
 * @param sync          when an event counts as recorded.
 * @param termLength    how much is kept in memory at a time.
 * @param segmentLength what is purged at once.
 * @param retention     what is kept.
 * @param driver        who drives the storage.
 * @param driverPath    where the media driver keeps its memory.
 */
public record LogOptions(
    @Option(value = "The folder of the event log; it is made when it is not there. One service at a time writes it.",
        example = "/var/lib/headrace/plant-1")
    String path,
    @Option(value = "When an event counts as recorded: `none` when the operating system has it, so that it survives" +
        " the death of the process; `data` when the disk has it (fdatasync), so that it survives the loss of power.",
        defaultValue = "none")
    SyncLevel sync,
    @Option(value = "The length of a term: a power of two. Three terms are mapped into memory, and an event is at" +
        " most an eighth of one. It is fixed when the log is made.", defaultValue = "16MiB", min = "64KiB",
        max = "1GiB")
    ByteSize termLength,
    @Option(value = "The length of a segment file: a power of two, at least that of a term. Old events are purged in" +
        " whole segments. It is fixed when the log is made.", defaultValue = "128MiB", min = "64KiB", max = "1GiB")
    ByteSize segmentLength,
    @Option("Which events may be purged. What a flow of the configuration has not finished yet always stays, and" +
        " without any limit everything does.")
    RetentionOptions retention,
    @Option(value = "Who drives the media driver and the archive: `invoked` lets the log thread do it by turns," +
        " `threaded` gives them threads of their own in this process, for hosts with cores to spare, and `external`" +
        " takes those that run elsewhere on this host.", defaultValue = "invoked")
    EventLogContext.Driver driver,
    @Option(value = "Where the media driver keeps its memory, best on a memory file system. With the driver" +
        " `external`, which requires it, the folder of that driver; otherwise a folder below which one of its own" +
        " is made for each log. Without it: `/dev/shm`, or the temporary files.",
        example = "/dev/shm")
    Optional<String> driverPath) implements CheckedOptions {

    /**
     * Which events may be purged. Immutable.
     *
     * @param age  the age beyond which events may go.
     * @param size the total beyond which segments may go.
     */
    public record RetentionOptions(
        @Option(value = "Events older than this may be purged.", min = "1m", example = "7d")
        Optional<Duration> age,
        @Option(value = "The oldest segments may be purged while all of them together are larger than this.",
            min = "128KiB", example = "50GiB")
        Optional<ByteSize> size) {
    }

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        requirePath("path", path, problems);
        driverPath.ifPresent(value -> requirePath("driverPath", value, problems));
        requirePowerOfTwo("termLength", termLength, problems);
        requirePowerOfTwo("segmentLength", segmentLength, problems);
        if (segmentLength.bytes() < termLength.bytes()) {
            problems.add(new OptionProblem("segmentLength", "it is shorter than term-length",
                "Give at least as much as term-length"));
        }
        if (retention.size().isPresent() && retention.size().get().bytes() < 2 * segmentLength.bytes()) {
            problems.add(new OptionProblem("retention.size", "it is less than two segments, of which one is written",
                "Give at least " + text(2 * segmentLength.bytes()) + ", or shorter segments"));
        }
        if (driver == EventLogContext.Driver.EXTERNAL && driverPath.isEmpty()) {
            problems.add(new OptionProblem("driverPath", "an external driver needs a driver-path",
                "Give the folder of the media driver that runs on this host"));
        }
        return problems;
    }

    private static void requirePath(final String option, final String path, final List<OptionProblem> problems) {
        boolean possible = !path.isBlank();
        try {
            Path.of(path);
        } catch (final InvalidPathException e) {
            possible = false;
        }
        if (!possible) {
            problems.add(new OptionProblem(option, "no folder can have this name", "Name a folder"));
        }
    }

    private static void requirePowerOfTwo(
        final String option, final ByteSize size, final List<OptionProblem> problems) {
        if (Long.bitCount(size.bytes()) != 1) {
            final long below = Long.highestOneBit(size.bytes());
            problems.add(new OptionProblem(option, text(size.bytes()) + " is not a power of two",
                "Give " + text(below) + " or " + text(2 * below)));
        }
    }

    private static String text(final long sizeBytes) {
        final int shift = Long.numberOfTrailingZeros(sizeBytes);
        return shift >= 30 ? (sizeBytes >> 30) + "GiB" : shift >= 20 ? (sizeBytes >> 20) + "MiB" :
            shift >= 10 ? (sizeBytes >> 10) + "KiB" : sizeBytes + " bytes";
    }

    /** {@return the event log that these options describe} */
    public EventLogContext eventLogContext() {
        return new EventLogContext()
            .folder(Path.of(path))
            .driver(driver)
            .driverFolder(driverPath.map(Path::of))
            .syncLevel(sync)
            .termLengthBytes(termLength.intBytes())
            .segmentLengthBytes(segmentLength.intBytes())
            .retention(retention.age(), retention.size().map(ByteSize::bytes).orElse(Long.MAX_VALUE));
    }
}
