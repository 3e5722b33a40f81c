package io.headrace.adapters.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;

class HeadraceCommandTest {
    static Set<String> commands() {
        return new CommandLine(new HeadraceCommand()).getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainEachCommandWithExamples(final String command) {
        final CommandRun run = CommandRun.of(command, "--help");
        assertAll(
            () -> assertEquals(ExitCode.OK, run.exitCode()),
            () -> assertTrue(run.out().contains("Usage: headrace " + command), run.out()),
            () -> assertTrue(run.out().contains("Examples:\n  headrace " + command)
                || run.out().contains("Examples:") && run.out().contains("headrace " + command), run.out()),
            () -> assertEquals("", run.err()));
    }

    @Test
    void shouldListCommandsAndExitCodesInItsHelp() {
        final CommandRun run = CommandRun.of("--help");
        assertEquals(ExitCode.OK, run.exitCode());
        commands().forEach(command -> assertTrue(run.out().contains("  " + command + " "), command));
        assertTrue(run.out().contains("cannot be reached"), run.out());
    }

    @Test
    void shouldRefuseNoCommand() {
        final CommandRun run = CommandRun.of();
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertEquals("headrace: Missing command: give one of " + String.join(", ", commands()) +
            ". See 'headrace --help'.\n", run.err());
    }

    @Test
    void shouldNameTheLikeliestCommand() {
        final CommandRun run = CommandRun.of("valdate", "x.yaml");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().startsWith("headrace: There is no command 'valdate'. Did you mean validate"), run.err());
        assertEquals(1, run.err().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "validate", "preflight"})
    void shouldAskForTheFile(final String command) {
        final CommandRun run = CommandRun.of(command);
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("FILE") && run.err().contains("headrace " + command + " --help"), run.err());
    }

    @Test
    void shouldRefuseAnUnknownOutputFormat() {
        final CommandRun run = CommandRun.of("version", "--output", "xml");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("expected text or json but was 'xml'"), run.err());
    }

    @Test
    void shouldTellTheVersion() {
        final CommandRun text = CommandRun.of("version");
        final CommandRun json = CommandRun.of("version", "--output", "json");
        assertEquals(ExitCode.OK, text.exitCode());
        assertTrue(text.out().startsWith("headrace "), text.out());
        assertEquals(System.getProperty("java.runtime.version"), json.json().get("java").asText().split(" ")[0]);
    }

    @Test
    void shouldPrintASchemaThatNamesTheAdapters() {
        final CommandRun run = CommandRun.of("schema");
        assertEquals(ExitCode.OK, run.exitCode());
        assertEquals("https://json-schema.org/draft/2020-12/schema", run.json().get("$schema").asText());
        assertTrue(run.json().get("properties").has("sinks"));
    }

    /** Stands for any command that meets a fault of our own. */
    @Command(name = "broken")
    static final class Broken implements Callable<Integer> {
        @CommandLine.Mixin
        private StandardOptions standardOptions;

        @CommandLine.Option(names = "--error")
        private boolean error;

        @Override
        public Integer call() {
            if (error) {
                throw new NoClassDefFoundError("state=broken");
            }
            throw new IllegalStateException("state=broken");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--error"})
    void shouldReportAFaultOfItsOwnInOneLineUnlessAskedForMore(final String option) {
        final StringWriter brief = new StringWriter();
        final StringWriter verbose = new StringWriter();
        final String[] args = option.isEmpty() ? new String[0] : new String[] {option};
        assertEquals(ExitCode.INTERNAL, HeadraceCommand.execute(broken(brief), args));
        final String[] verboseArgs = Arrays.copyOf(args, args.length + 1);
        verboseArgs[args.length] = "--verbose";
        assertEquals(ExitCode.INTERNAL, HeadraceCommand.execute(broken(verbose), verboseArgs));
        assertEquals(1, brief.toString().lines().count(), brief.toString());
        assertTrue(brief.toString().contains("state=broken") && brief.toString().contains("--verbose"));
        assertTrue(verbose.toString().contains("\tat " + Broken.class.getName()), verbose.toString());
    }

    private static CommandLine broken(final StringWriter err) {
        return new CommandLine(new Broken()).setErr(new PrintWriter(err));
    }

    @Test
    void shouldNotShowAStackTraceForAWrongCommandLine() {
        assertFalse(CommandRun.of("tail", "--limit", "many").err().contains("\tat "));
    }

    @Test
    void shouldSayThatNoServiceCanBeReached() {
        for (final String command : new String[] {"status", "tail"}) {
            // Port 9 (discard) is closed wherever tests run: nothing of ours listens below 1024.
            final CommandRun run = CommandRun.of(command, "--url", "http://127.0.0.1:9");
            assertEquals(ExitCode.UNREACHABLE, run.exitCode(), run.err());
            assertTrue(run.err().contains("http://127.0.0.1:9") && run.err().contains("headrace run"), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        final CommandRun run = CommandRun.of("status", "--url", "localhost:7475");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("http://127.0.0.1:7475"), run.err());
    }

    @Test
    void shouldRefuseTwoAddresses() {
        final CommandRun run = CommandRun.of("status", "--url", "http://127.0.0.1:1", "--config", "x.yaml");
        assertEquals(ExitCode.INVALID, run.exitCode());
        assertTrue(run.err().contains("mutually exclusive"), run.err());
    }
}
