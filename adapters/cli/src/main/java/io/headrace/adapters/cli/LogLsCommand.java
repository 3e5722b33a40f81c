package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.eventlog.LogSegments.Segment;
import io.headrace.adapters.cli.eventlog.LogSegments;
import io.headrace.adapters.cli.eventlog.LogTimes;
import io.headrace.adapters.cli.eventlog.RecoveredState;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.TextTable;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code headrace log ls}. Runs on the main thread; reads files only. */
@Command(name = "ls", header = "Show what an event log holds.",
    description = "Its segments with their positions, sizes, sequences and times, and its epochs: each start of the" +
        " service begins one.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace log ls plant.yaml",
        "  headrace log ls /var/lib/headrace/plant-1 --output json"})
final class LogLsCommand implements Callable<Integer> {
    private static final int EPOCHS_SHOWN = 10;
    private static final String NONE = "-";

    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Override
    public Integer call() throws CommandException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final EventLogProvider provider = EventLogs.provider();
        final LogDescription log = provider.describe(found.folder());
        final List<Segment> segments = LogSegments.of(provider, log);
        final EpochHistory epochs = epochs(provider, log);
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> write(log, segments, epochs, json)));
        } else {
            print(log, segments, epochs, out);
        }
        return ExitCode.OK;
    }

    private EpochHistory epochs(final EventLogProvider provider, final LogDescription log) {
        final LogState state = new LogState(log.logId());
        try {
            RecoveredState.read(provider, log, state);
        } catch (final LogException e) {
            // The segments are shown all the same.
            spec.commandLine().getErr().println("headrace: The epochs cannot be read. " + e.getMessage());
        }
        return state.epochs();
    }

    private static void print(
        final LogDescription log, final List<Segment> segments, final EpochHistory epochs, final PrintWriter out) {
        out.println("event log " + log.folder() + "  id " + id(log));
        out.println(log.firstSequence() < 0 ? "no events; the next one gets sequence " + log.nextSequence() :
            "sequences " + log.firstSequence() + " to " + (log.nextSequence() - 1) + ", published " +
            LogTimes.text(log.firstTimeNs()) + " to " + LogTimes.text(log.lastTimeNs()));
        out.println("positions " + log.startPosition() + " to " + log.endPosition() + ": " +
            Units.bytes(log.endPosition() - log.startPosition()) + " in " + log.segmentCount() +
            (log.segmentCount() == 1 ? " segment of " : " segments of ") + Units.bytes(log.segmentBytes()));
        final TextTable table = new TextTable(">POSITION", ">RECORDED", ">FIRST SEQUENCE", "PUBLISHED");
        for (final Segment segment : segments) {
            table.row(Long.toString(segment.startPosition()), Units.bytes(segment.recordedBytes()),
                segment.firstSequence() < 0 ? NONE : Long.toString(segment.firstSequence()),
                segment.problem().isEmpty() ? LogTimes.text(segment.firstTimeNs()) : Units.oneLine(segment.problem()));
        }
        out.println();
        table.lines().forEach(out::println);
        printEpochs(epochs, out);
    }

    private static void printEpochs(final EpochHistory epochs, final PrintWriter out) {
        if (epochs.epoch() == 0) {
            return;
        }
        final TextTable table = new TextTable(">EPOCH", ">FIRST SEQUENCE");
        final long first = Math.max(1, epochs.epoch() - EPOCHS_SHOWN + 1);
        for (long epoch = first; epoch <= epochs.epoch(); epoch++) {
            table.row(Long.toString(epoch), Long.toString(epochs.firstSequence(epoch)));
        }
        out.println();
        table.lines().forEach(out::println);
        if (first > 1) {
            out.println("(" + (first - 1) + " earlier epochs: --output json)");
        }
    }

    private static String id(final LogDescription log) {
        return HexFormat.of().toHexDigits(log.logId());
    }

    private static void write(
        final LogDescription log, final List<Segment> segments, final EpochHistory epochs, final JsonGenerator json)
        throws IOException {
        json.writeStartObject();
        json.writeStringField("folder", log.folder().toString());
        json.writeStringField("logId", id(log));
        json.writeNumberField("startPosition", log.startPosition());
        json.writeNumberField("endPosition", log.endPosition());
        json.writeNumberField("firstSequence", log.firstSequence());
        json.writeNumberField("nextSequence", log.nextSequence());
        json.writeNumberField("firstTimeNs", log.firstTimeNs());
        json.writeNumberField("lastTimeNs", log.lastTimeNs());
        json.writeNumberField("segmentBytes", log.segmentBytes());
        json.writeArrayFieldStart("segments");
        for (final Segment segment : segments) {
            json.writeStartObject();
            json.writeNumberField("startPosition", segment.startPosition());
            json.writeNumberField("recordedBytes", segment.recordedBytes());
            json.writeNumberField("firstSequence", segment.firstSequence());
            json.writeNumberField("firstTimeNs", segment.firstTimeNs());
            json.writeStringField("problem", segment.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("epochs");
        for (long epoch = 1; epoch <= epochs.epoch(); epoch++) {
            json.writeStartObject();
            json.writeNumberField("epoch", epoch);
            json.writeNumberField("firstSequence", epochs.firstSequence(epoch));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
