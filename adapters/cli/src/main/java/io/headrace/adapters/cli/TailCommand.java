package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/** {@code headrace tail}. Runs on the main thread; a signal ends it well. */
@Command(name = "tail", header = "Follow the events of a running service.",
    description = "Each event is one JSON object on a line of its own. Only what is published from now on is" +
        " shown. A reader that is too slow loses events and is told so by a line as {\"dropped\":12}; it" +
        " never holds up the service.",
    footerHeading = "%nExamples:%n", footer = {
        "  headrace tail",
        "  headrace tail --topics 'erp.public.*,line.fault' --limit 10",
        "  headrace tail --url http://127.0.0.1:7475 | jq .payload"})
final class TailCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Mixin
    private StandardOptions standardOptions;
    @Mixin
    private ServiceAddress address;

    @Option(names = {"-t", "--topics"}, paramLabel = "TOPIC", split = ",", defaultValue = "*",
        description = "Names, or prefixes with a trailing '*' (default: all events).")
    private List<String> topics;

    @Option(names = {"-n", "--limit"}, paramLabel = "COUNT", description = "End after this many events.")
    private Long limit;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "The limit must be at least 1, not " + limit + ".");
        }
        final URI uri = address.uri(spec.commandLine().getErr());
        try (StopSignals signals = StopSignals.install()) {
            signals.onFirst(Thread.currentThread()::interrupt);
            return follow(uri, signals);
        }
    }

    private int follow(final URI uri, final StopSignals signals) throws CommandException, InterruptedException {
        final OptionalLong asked = limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
        try {
            try (InputStream events = new ControlClient(uri).events(topics, asked)) {
                signals.onFirst(() -> close(events));
                print(events, signals, uri);
            }
            return ExitCode.OK;
        } catch (final ControlClient.RefusedException e) {
            throw new CommandException(e.isMalformedRequest() ? ExitCode.INVALID : ExitCode.FAILED,
                "The service at " + uri + " refuses: " + e.getMessage(), e);
        } catch (final InterruptedException e) {
            if (signals.requested()) {
                return ExitCode.OK;
            }
            throw e;
        } catch (final IOException e) {
            throw ServiceAddress.unreachable(uri, e);
        }
    }

    private void print(final InputStream events, final StopSignals signals, final URI uri) throws CommandException {
        final PrintWriter out = spec.commandLine().getOut();
        long count = 0;
        IOException failure = null;
        try {
            final BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null) {
                if (!line.isEmpty()) {
                    out.println(line);
                    count += line.startsWith("{\"dropped\":") ? 0 : 1;
                }
                // Also for the empty lines that come now and then: nobody may be reading any more.
                if (out.checkError()) {
                    return;
                }
                line = lines.readLine();
            }
        } catch (final IOException e) {
            failure = e;
        }
        if (!signals.requested() && (limit == null || count < limit)) {
            throw new CommandException(ExitCode.UNREACHABLE, "The service at " + uri + " ended the stream after " +
                count + " events. Look at its log, and start it again with 'headrace run'.", failure);
        }
    }

    private static void close(final InputStream events) {
        try {
            events.close();
        } catch (final IOException e) {
            throw new IllegalStateException("A stream that is only read cannot be closed", e);
        }
    }
}
