package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.Terminal;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogVerification.Damage;
import io.headrace.bus.log.LogVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code headrace log verify}. Runs on the main thread; reads files only. */
@Command(name = "verify", header = "Check every record of an event log.",
    description = "Each record is compared with its checksum, and every damaged place is shown with what mends it." +
        " What a crash left unfinished at the very end is no damage: the next start cuts it. The exit code is 1 when" +
        " the log is damaged.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace log verify plant.yaml",
        "  headrace log verify /var/lib/headrace/plant-1 --output json"})
final class LogVerifyCommand implements Callable<Integer> {
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
        final LogVerification verification = verify(found, spec.commandLine().getErr());
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> write(verification, found, json)));
        } else {
            print(verification, found, out);
        }
        return verification.whole() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Looks at every record, and shows on a terminal how far it is. */
    static LogVerification verify(final LogFile.Found found, final PrintWriter err) {
        final Terminal terminal = Terminal.ofProcess(System.out, System.getenv());
        try (ProgressLine progress = new ProgressLine(err, terminal.errorsShareIt())) {
            return EventLogs.provider().verify(found.folder(), part ->
                progress.show(() -> "checking " + found.folder() + ": " + Math.round(part * 100) + " %"));
        }
    }

    private static void print(final LogVerification verification, final LogFile.Found found, final PrintWriter out) {
        out.println(Units.count(verification.eventCount()) + " events and " +
            Units.count(verification.controlCount()) + " control records are whole.");
        for (final Damage damage : verification.damages()) {
            out.println("damaged: " + describe(damage));
            out.println("  " + Units.oneLine(damage.reason()));
            out.println("  Bring the segment back from a copy, or give the place up: " + remedy(damage, found));
        }
        if (verification.tornTailBytes() > 0) {
            out.println("The last " + Units.bytes(verification.tornTailBytes()) +
                " were not finished when the service ended or are being written; the next start cuts them.");
        }
        out.println(verification.whole() ? "The event log is whole." :
            "The event log is damaged in " + verification.damages().size() +
            (verification.damages().size() == 1 ? " place." : " places."));
    }

    /** Where a damage is and what it holds. */
    static String describe(final Damage damage) {
        return "positions " + damage.position() + " to " + damage.endPosition() + " (" +
            Units.bytes(damage.endPosition() - damage.position()) + "), segment " + damage.segment() + " offset " +
            damage.segmentOffset() + "; events " +
            (damage.lastGoodSequence() < 0 ? "before sequence " + damage.nextGoodSequence() :
            "between sequence " + damage.lastGoodSequence() + " and " + damage.nextGoodSequence());
    }

    private static String remedy(final Damage damage, final LogFile.Found found) {
        return "headrace log repair " + found.file() + " --from " + damage.nextGoodSequence();
    }

    private static void write(
        final LogVerification verification, final LogFile.Found found, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("folder", found.folder().toString());
        json.writeBooleanField("whole", verification.whole());
        json.writeNumberField("eventCount", verification.eventCount());
        json.writeNumberField("controlCount", verification.controlCount());
        json.writeNumberField("tornTailBytes", verification.tornTailBytes());
        json.writeArrayFieldStart("damages");
        for (final Damage damage : verification.damages()) {
            write(damage, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(final Damage damage, final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("position", damage.position());
        json.writeNumberField("endPosition", damage.endPosition());
        json.writeStringField("segment", damage.segment());
        json.writeNumberField("segmentOffset", damage.segmentOffset());
        json.writeNumberField("lastGoodSequence", damage.lastGoodSequence());
        json.writeNumberField("nextGoodSequence", damage.nextGoodSequence());
        json.writeStringField("reason", damage.reason());
        json.writeEndObject();
    }
}
