package io.headrace.adapters.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.adapters.cli.control.ControlClient;
import io.headrace.adapters.cli.control.RunningFlows;
import io.headrace.adapters.cli.eventlog.LogTimes;
import io.headrace.adapters.cli.eventlog.RecoveredState;
import io.headrace.adapters.cli.eventlog.SubscriptionLag;
import io.headrace.adapters.cli.report.JsonText;
import io.headrace.adapters.cli.report.TextTable;
import io.headrace.adapters.cli.report.Units;
import io.headrace.bus.log.EventLogProvider;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.LogReader;
import io.headrace.bus.log.LogState;
import io.headrace.bus.subscription.TopicSelector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code headrace subscriptions ls}. Runs on the main thread; reads files, and asks a running service. */
@Command(name = "ls", header = "Show how far each flow has finished.",
    description = "Positions and what is behind them are read from the files of the event log. With a configuration" +
        " the running service, if there is one, tells the states, and flows are told from positions that no flow of" +
        " the configuration has any more.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace subscriptions ls plant.yaml",
        "  headrace subscriptions ls /var/lib/headrace/plant-1 --output json"})
final class SubscriptionsLsCommand implements Callable<Integer> {
    private static final String NONE = "-";
    private static final String STOPPED = "stopped";

    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private OutputOption output;
    @Mixin
    private LogFile file;

    @Mixin
    private RunningService service;

    /** What is shown of one flow; a position of -1 with no lanes stands for none. */
    private record Row(
        String name, boolean configured, String state, String health, long[] finishedSequences, long position,
        Optional<SubscriptionLag> lag, String problem) {
    }

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final LogFile.Found found = file.find(spec.commandLine().getErr());
        final EventLogProvider provider = EventLogs.provider();
        final Optional<RunningFlows> running = running(found);
        final LogDescription log = provider.describe(found.folder());
        final LogState state = new LogState(log.logId());
        RecoveredState.read(provider, log, state);
        final List<Row> rows = rows(found, provider, log, state, running);
        final PrintWriter out = spec.commandLine().getOut();
        if (output.isJson()) {
            out.println(JsonText.pretty(json -> write(log, rows, running.isPresent(), json)));
        } else {
            print(log, rows, out);
        }
        return ExitCode.OK;
    }

    private List<Row> rows(
        final LogFile.Found found, final EventLogProvider provider, final LogDescription log, final LogState state,
        final Optional<RunningFlows> running) {
        final Map<String, TopicSelector> topicsByName = new LinkedHashMap<>();
        found.configuration().ifPresent(configuration -> configuration.sinks().forEach(
            sink -> topicsByName.put(sink.name(), TopicSelector.of(sink.flow().topics()))));
        final List<String> names = new ArrayList<>(topicsByName.keySet());
        state.subscriptionNames().stream().filter(name -> !names.contains(name)).forEach(names::add);
        final List<Row> rows = new ArrayList<>();
        try (LogReader reader = provider.openReader(found.folder())) {
            for (final String name : names) {
                rows.add(row(name, Optional.ofNullable(topicsByName.get(name)), reader, log, state, running));
            }
        }
        return rows;
    }

    private static Row row(
        final String name, final Optional<TopicSelector> topics, final LogReader reader, final LogDescription log,
        final LogState state, final Optional<RunningFlows> running) {
        final long[] finished = state.position(name).orElse(new long[0]);
        final long position = Arrays.stream(finished).min().orElse(-1);
        final RunningFlows.Flow flow = running.map(flows -> flows.byName().get(name)).orElse(null);
        Optional<SubscriptionLag> lag = Optional.empty();
        String problem = "";
        if (finished.length > 0) {
            try {
                lag = Optional.of(SubscriptionLag.of(
                    reader, position, log.endPosition(), topics.orElse(TopicSelector.all())));
            } catch (final LogException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        return new Row(name, topics.isPresent(), flow == null ? STOPPED : flow.state(),
            flow == null ? NONE : flow.health(), finished, position, lag, problem);
    }

    /** The service, when it runs and can be asked. */
    private Optional<RunningFlows> running(final LogFile.Found found) throws CommandException, InterruptedException {
        final Optional<URI> uri = service.uri(found.configuration());
        if (uri.isEmpty()) {
            if (found.configuration().isPresent()) {
                spec.commandLine().getErr().println("headrace: The configuration does not tell where the service can" +
                    " be asked; it is taken for stopped. Give its address with --url.");
            }
            return Optional.empty();
        }
        try {
            final RunningFlows flows = RunningFlows.parse(new ControlClient(uri.get()).status(true));
            final Optional<String> expected =
                found.configuration().map(configuration -> configuration.service().name());
            if (!service.given() && expected.isPresent() && !expected.get().equals(flows.serviceName())) {
                spec.commandLine().getErr().println("headrace: At " + uri.get() + " runs another service, '" +
                    Units.oneLine(flows.serviceName()) + "'; this one is taken for stopped.");
                return Optional.empty();
            }
            return Optional.of(flows);
        } catch (final ControlClient.RefusedException e) {
            throw new CommandException(
                ExitCode.FAILED, "The service at " + uri.get() + " refuses: " + e.getMessage(), e);
        } catch (final IOException e) {
            if (service.given()) {
                throw ServiceAddress.unreachable(uri.get(), e);
            }
            return Optional.empty();
        }
    }

    private static void print(final LogDescription log, final List<Row> rows, final PrintWriter out) {
        if (rows.isEmpty()) {
            out.println("The event log has no positions.");
            return;
        }
        final TextTable table =
            new TextTable("NAME", "STATE", "HEALTH", ">LANES", ">POSITION", ">BEHIND", ">EVENTS", "WAITING SINCE", "");
        for (final Row row : rows) {
            final boolean known = row.finishedSequences().length > 0;
            table.row(row.name(), row.state(), row.health(),
                known ? Integer.toString(row.finishedSequences().length) : NONE,
                known ? Long.toString(row.position()) : NONE,
                known ? Units.count(behind(log, row)) : NONE,
                row.lag().map(lag -> Units.count(lag.eventCount()) + (lag.more() ? "+" : "")).orElse(NONE),
                row.problem().isEmpty() ? row.lag().map(lag -> LogTimes.text(lag.oldestTimeNs())).orElse(NONE) :
                Units.oneLine(row.problem()),
                row.configured() ? "" : "orphaned");
        }
        table.lines().forEach(out::println);
    }

    private static long behind(final LogDescription log, final Row row) {
        return Math.max(0, log.nextSequence() - 1 - row.position());
    }

    private static void write(
        final LogDescription log, final List<Row> rows, final boolean running, final JsonGenerator json)
        throws IOException {
        json.writeStartObject();
        json.writeBooleanField("running", running);
        json.writeNumberField("nextSequence", log.nextSequence());
        json.writeArrayFieldStart("subscriptions");
        for (final Row row : rows) {
            json.writeStartObject();
            json.writeStringField("name", row.name());
            json.writeBooleanField("configured", row.configured());
            json.writeStringField("state", row.state());
            json.writeStringField("health", row.health());
            json.writeBooleanField("known", row.finishedSequences().length > 0);
            json.writeNumberField("position", row.position());
            json.writeArrayFieldStart("finishedSequences");
            for (final long finishedSequence : row.finishedSequences()) {
                json.writeNumber(finishedSequence);
            }
            json.writeEndArray();
            json.writeNumberField("behindSequences", behind(log, row));
            if (row.lag().isPresent()) {
                json.writeNumberField("behindEvents", row.lag().get().eventCount());
                json.writeBooleanField("behindMore", row.lag().get().more());
                json.writeNumberField("oldestTimeNs", row.lag().get().oldestTimeNs());
            }
            json.writeStringField("problem", row.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
