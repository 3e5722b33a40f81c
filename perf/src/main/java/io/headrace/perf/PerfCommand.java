package io.headrace.perf;

import io.headrace.perf.report.ReportFolder;
import io.headrace.perf.report.ReportHead;
import io.headrace.perf.report.SummaryChange;
import io.headrace.perf.report.SummaryTable;
import io.headrace.perf.rig.ArmMain;
import io.headrace.perf.rig.ArmResult;
import io.headrace.perf.rig.Comparison;
import io.headrace.perf.rig.ComparisonResult;
import io.headrace.perf.rig.Environment;
import io.headrace.perf.rig.Floors;
import io.headrace.perf.rig.PairRunner;
import io.headrace.perf.rig.RatioSummary;
import io.headrace.perf.rig.Scenario;
import io.headrace.perf.rig.Settings;
import io.headrace.perf.site.SiteCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The main thread: {@code headrace perf}, which measures Headrace beside what would be used in its place. */
@Command(name = "headrace perf", mixinStandardHelpOptions = true, version = "Headrace measurements",
    description = "Measures Headrace beside what would be used in its place.",
    synopsisSubcommandLabel = "COMMAND", subcommands = SiteCommand.class)
public final class PerfCommand implements Runnable {
    private static final int EXIT_FAILED = 1;
    private static final double QUICK_FLOOR_SECONDS = 0.3;
    private static final double FLOOR_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    /**
     * Runs the command.
     *
     * @param args of the command line.
     */
    public static void main(final String[] args) {
        System.setProperty("java.awt.headless", "true");
        System.exit(new CommandLine(new PerfCommand()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: list, run, compare or site.");
    }

    /** Lists the scenarios. */
    @Command(description = "Lists the scenarios and their questions.", mixinStandardHelpOptions = true)
    void list() {
        scenarios().forEach(s -> spec.commandLine().getOut().printf("%-4s %s%n", s.id(), s.question()));
        spec.commandLine().getOut().flush();
    }

    private static List<Scenario> scenarios() {
        return ServiceLoader.load(Scenario.class).stream().map(ServiceLoader.Provider::get)
            .filter(scenario -> !scenario.fixture()).toList();
    }

    /**
     * Compares two reports.
     *
     * @param first  of them.
     * @param second of them.
     * @return the exit code.
     * @throws IOException when one cannot be read.
     */
    @Command(description = "Shows how the ratios of two reports differ.", mixinStandardHelpOptions = true)
    int compare(
        @Parameters(paramLabel = "DIR1", description = "The earlier report.") final Path first,
        @Parameters(paramLabel = "DIR2", description = "The later report.") final Path second) throws IOException {
        for (final Path report : List.of(first, second)) {
            if (!Files.exists(report.resolve("summary.json"))) {
                throw new ParameterException(spec.commandLine(), "There is no summary.json in '" + report + "'.");
            }
        }
        return SummaryChange.print(first, second, System.out) > 0 ? CommandLine.ExitCode.OK : EXIT_FAILED;
    }

    /** What may be chosen about a run. */
    static final class RunOptions {
        @Parameters(paramLabel = "SCENARIO", arity = "1..*", description = "As 'list' names them; 'all' for all.")
        private List<String> names;

        @Option(names = "--quick", description = "Short runs, for a look; the pairs stay at least five.")
        private boolean quick;

        @Option(names = "--report", paramLabel = "DIR", description = "Folder of the report.")
        private Path report;

        @Option(names = "--pairs", paramLabel = "N", description = "How often each arm runs (default: 5).")
        private int pairs = Settings.MIN_PAIR_COUNT;

        @Option(names = "--seconds", paramLabel = "S", description = "Length of warm-up and of measured part.")
        private double seconds;

        @Option(names = "--rate", paramLabel = "N", description = "Events per second, where there is a schedule.")
        private int rate;

        @Option(names = "--payload", paramLabel = "BYTES", description = "Payload of an event, such as 32, 288, 1344.")
        private int payload;

        @Option(names = "--wait", paramLabel = "PROFILE", description = "How threads wait: eco, yield or spin.")
        private String waitProfile = "";

        @Option(names = "--sync", paramLabel = "LEVEL", description = "Durability of an event log: none or data.")
        private String sync = "";

        @Option(names = "--cores", paramLabel = "LIST", description = "Pins the arms, as taskset does: 2-5.")
        private String cores = "";

        @Option(names = "--only", paramLabel = "COMPARISON", split = ",",
            description = "Only these comparisons of the scenarios, such as replica-udp.")
        private List<String> only = List.of();

        Settings settings() {
            return new Settings(quick, pairs, seconds, rate, payload, waitProfile, sync, cores);
        }
    }

    /**
     * Runs scenarios.
     *
     * @param options of the run.
     * @return the exit code: 1 when an arm failed.
     * @throws IOException          when the report cannot be written.
     * @throws InterruptedException when interrupted.
     */
    @Command(name = "run", description = "Runs scenarios and writes a report.", mixinStandardHelpOptions = true)
    int measure(@CommandLine.Mixin final RunOptions options) throws IOException, InterruptedException {
        final Settings settings = check(options);
        final List<Scenario> chosen = choose(options.names);
        final Map<Scenario, List<Comparison>> comparisons = comparisons(chosen, options.only, settings);
        final Path folder = options.report != null ? options.report : Path.of("headrace-perf-"
            + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        final ReportFolder report = new ReportFolder(folder);
        final Map<String, Object> environment = Environment.collect(
            Path.of(System.getProperty("headrace.root", "")).toAbsolutePath());
        System.out.println("Measuring the floors of this machine.");
        final Map<String, Map<String, Double>> floors = Floors.measure(
            settings.quick() ? QUICK_FLOOR_SECONDS : FLOOR_SECONDS, folder);
        environment.put("settings", settings);
        environment.put("floorsUs", floors);
        final ProgressLine progress = new ProgressLine();
        final PairRunner runner = new PairRunner(settings, report.runs(), report.scratch(), progress);
        final Map<String, String> questions = new LinkedHashMap<>();
        for (final Scenario scenario : chosen) {
            questions.put(scenario.id(), scenario.question());
            comparisons.get(scenario).forEach(comparison -> progress.total += runner.runCount(comparison));
        }
        final List<ComparisonResult> results = new ArrayList<>();
        for (final Scenario scenario : chosen) {
            for (final Comparison comparison : comparisons.get(scenario)) {
                results.add(runner.run(scenario, comparison));
            }
        }
        final ReportHead head = new ReportHead("headrace perf run " + String.join(" ", options.names),
            questions, environment, floors, machine(environment, settings));
        final List<RatioSummary> summaries = report.write(head, results, runner);
        System.out.println();
        SummaryTable.print(summaries, System.out);
        System.out.println("\nReport: " + folder.resolve("index.html"));
        final List<ArmResult> failed = results.stream().flatMap(result -> result.failures().stream()).toList();
        failed.forEach(f -> System.out.println("FAILED " + f.scenario() + " " + f.comparison() + ", " + f.arm()
            + ", pair " + f.pair() + ": " + String.join("; ", f.failures())));
        return failed.isEmpty() ? CommandLine.ExitCode.OK : EXIT_FAILED;
    }

    private Settings check(final RunOptions options) {
        final Settings settings = options.settings();
        if (settings.pairCount() < 1) {
            throw new ParameterException(spec.commandLine(), "--pairs must be at least 1.");
        }
        if (!List.of("", "eco", "yield", "spin").contains(settings.waitProfile())) {
            throw new ParameterException(spec.commandLine(), "--wait must be eco, yield or spin.");
        }
        if (!List.of("", "none", "data").contains(settings.sync())) {
            throw new ParameterException(spec.commandLine(), "--sync must be none or data.");
        }
        return settings;
    }

    private List<Scenario> choose(final List<String> names) {
        if (names.contains("all")) {
            return scenarios();
        }
        try {
            return names.stream().map(ArmMain::scenario).toList();
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + " See 'headrace perf list'.", e);
        }
    }

    private Map<Scenario, List<Comparison>> comparisons(
        final List<Scenario> chosen, final List<String> only, final Settings settings) {
        final Map<Scenario, List<Comparison>> comparisons = new LinkedHashMap<>();
        final Set<String> unknown = new TreeSet<>(only);
        for (final Scenario scenario : chosen) {
            final List<Comparison> all = scenario.comparisons(settings);
            all.forEach(comparison -> unknown.remove(comparison.name()));
            comparisons.put(scenario, only.isEmpty() ? all :
                all.stream().filter(comparison -> only.contains(comparison.name())).toList());
        }
        if (!unknown.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is no comparison " + String.join(", ", unknown)
                + " in these scenarios. There are " + comparisons.keySet().stream()
                .flatMap(scenario -> scenario.comparisons(settings).stream()).map(Comparison::name)
                .collect(Collectors.joining(", ")) + ".");
        }
        return comparisons;
    }

    private static String machine(final Map<String, Object> environment, final Settings settings) {
        return environment.get("cores") + " cores"
            + (Boolean.TRUE.equals(environment.get("virtualMachine")) ? " of a virtual machine" : "") + ", Java "
            + System.getProperty("java.version") + ", load "
            + String.format(Locale.ROOT, "%.1f", environment.get("loadBefore")) + ", commit "
            + environment.get("commit") + ", " + settings.describe();
    }

    /** The main thread: one line for each arm that has ended. */
    private static final class ProgressLine implements PairRunner.Progress {
        private final long beginNs = System.nanoTime();
        private int total;
        private int done;

        @Override
        public void onResult(final ArmResult result) {
            done++;
            final double elapsed = (System.nanoTime() - beginNs) / 1e9;
            final StringBuilder figures = new StringBuilder();
            if (result.failed()) {
                figures.append("FAILED: ").append(String.join("; ", result.failures()));
            } else {
                result.metrics().entrySet().stream().limit(3).forEach(metric ->
                    figures.append(String.format(Locale.ROOT, "%s %.2f  ", metric.getKey(), metric.getValue())));
            }
            System.out.printf(Locale.ROOT, "[%d/%d, about %.0f s left] %s %s, pair %d, %s: %s%n", done, total,
                elapsed / done * (total - done), result.scenario(), result.comparison(), result.pair(), result.arm(),
                figures);
        }
    }
}
