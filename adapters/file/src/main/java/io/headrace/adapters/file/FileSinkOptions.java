package io.headrace.adapters.file;

import io.headrace.adapters.json.DebeziumOptions;
import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of the file sink.
 *
 * @param directory        where the files are.
 * @param fileName         the pattern of their names.
 * @param format           what a line holds.
 * @param rotateBytes      the size after which a file is completed.
 * @param rotateInterval   the time after which a file is completed; zero for never.
 * @param compression      what becomes of completed files.
 * @param fsync            when lines are forced to the disk.
 * @param fsyncInterval    how often, under {@link FileSync#INTERVAL}.
 * @param database         the value of {@code source.db} in Debezium's envelope.
 * @param decimalHandling  how Debezium's envelope holds decimals.
 * @param intervalHandling how Debezium's envelope holds intervals.
 */
public record FileSinkOptions(
    @Option(value = "The directory that the files are written to. It must exist; it is never created.",
        example = "/var/lib/headrace/readings")
    String directory,
    @Option(value = "The name of the files. {counter} is required and counts the files of this sink up; {time} is " +
        "the UTC time at which a file was begun; {name} is the name of the sink. A file that is still written to " +
        "has .part behind its name, a compressed one .gz.",
        defaultValue = "{name}-{time}-{counter}.jsonl")
    String fileName,
    @Option(value = "What a line holds: headrace, the whole event; or debezium, row changes in Debezium's envelope.",
        defaultValue = "headrace")
    FileFormat format,
    @Option(value = "A file is completed before it grows past this size; a single larger batch makes a larger file.",
        defaultValue = "256MiB", min = "1KiB")
    ByteSize rotateBytes,
    @Option(value = "A file is completed when this interval ends, also when nothing arrives. Intervals begin at " +
        "midnight UTC and repeat; 0s turns this off.",
        defaultValue = "1h", min = "0s", max = "1d")
    Duration rotateInterval,
    @Option(value = "Whether completed files are compressed: none or gzip.", defaultValue = "none")
    FileCompression compression,
    @Option(value = "When lines are forced to the disk: none leaves it to the operating system, batch does it before " +
        "a batch counts as delivered, interval every fsync-interval.",
        defaultValue = "batch")
    FileSync fsync,
    @Option(value = "How often lines are forced to the disk when fsync is interval.",
        defaultValue = "1s", min = "10ms", max = "1h")
    Duration fsyncInterval,
    @Option(value = "The database's name, as source.db in Debezium's envelope shows it.", defaultValue = "")
    String database,
    @Option(value = "Decimals in Debezium's envelope: precise, as Debezium does by default, or string.",
        defaultValue = "precise")
    DebeziumOptions.DecimalHandling decimalHandling,
    @Option(value = "Intervals in Debezium's envelope: numeric microseconds, as Debezium does by default, or string.",
        defaultValue = "numeric")
    DebeziumOptions.IntervalHandling intervalHandling)
    implements CheckedOptions {

    @Override
    public List<OptionProblem> problems() {
        final List<OptionProblem> problems = new ArrayList<>();
        if (directory.isBlank()) {
            problems.add(new OptionProblem("directory", "directory is empty", "name an existing directory"));
        }
        final String patternProblem = FileNames.problemOf(fileName);
        if (patternProblem != null) {
            problems.add(new OptionProblem("fileName", patternProblem, "for example {name}-{time}-{counter}.jsonl"));
        }
        if (!rotateInterval.isZero() && Duration.ofDays(1).toNanos() % rotateInterval.toNanos() != 0) {
            problems.add(new OptionProblem(
                "rotateInterval",
                "rotate-interval=" + rotateInterval + " does not divide a day",
                "use an interval that does, for example 1m, 15m, 1h or 1d"));
        }
        return problems;
    }
}
