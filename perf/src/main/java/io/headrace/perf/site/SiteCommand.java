package io.headrace.perf.site;

import io.headrace.bus.log.LogException;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.bus.service.config.ConfigurationProblem;
import io.headrace.bus.service.config.LoadedConfiguration;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.perf.report.SiteReport;
import io.headrace.perf.rig.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code headrace perf site}. Runs on the main thread; a signal interrupts it and waits until it has cleaned up. */
@Command(name = "site", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Finds out which rate each flow of a configuration sustains, and which stage gives way first.",
        "",
        "The sources are replaced by synthetic ones of the same names and topics, so that no system of theirs is" +
            " touched. The sinks take nothing unless --sinks real is given, which WRITES synthetic events into" +
            " their targets. The event log goes to a temporary folder; nobody can link to the bus. The rate doubles" +
            " until no flow sustains it; each limit is then narrowed down."},
    footerHeading = "%nExamples:%n", footer = {
        "  headrace perf site plant.yaml --quick",
        "  headrace perf site plant.yaml --rate 5000 --payload 1000 --keys 100000 --work /var/tmp",
        "  headrace perf site test.yaml --sinks real --yes --objective 50ms --percentile 99.9"})
public final class SiteCommand implements Callable<Integer> {
    private static final int EXIT_BROKEN = 1;
    private static final int EXIT_USAGE = 2;
    private static final double SECONDS = 10;
    private static final double QUICK_SECONDS = 1;
    private static final double DEFAULT_PERCENTILE = 99;
    private static final int MAX_KEYS = 10_000_000;
    private static final int CLEAN_UP_SECONDS = 60;
    private static final String DISCARD = "discard";
    private static final String REAL = "real";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The configuration, in YAML, as for 'headrace run'.")
    private Path file;

    @Option(names = "--rate", paramLabel = "N",
        description = "Events per second of each source on the first step (default: ${DEFAULT-VALUE}).")
    private long rate = 1000;

    @Option(names = "--max-rate", paramLabel = "N", description = "The ladder does not pass this rate.")
    private long maxRate = 1L << 26;

    @Option(names = "--seconds", paramLabel = "S",
        description = "Length of the measured part of each step (default: 10, with --quick 1).")
    private double seconds;

    @Option(names = "--quick", description = "Steps of a second, and limits less narrowed down: for a look.")
    private boolean quick;

    @Option(names = "--payload", paramLabel = "BYTES",
        description = "Size of a row's text, or of a document (default: ${DEFAULT-VALUE}).")
    private int payload = 256;

    @Option(names = "--keys", paramLabel = "N",
        description = "Different keys of each topic (default: ${DEFAULT-VALUE}).")
    private int keys = 1000;

    @Option(names = "--transaction", paramLabel = "ROWS",
        description = "Rows of each transaction of a source of rows (default: ${DEFAULT-VALUE}).")
    private int transaction = 4;

    @Option(names = "--topics", paramLabel = "TOPIC", split = ",",
        description = "Topics to publish, SOURCE.NAME, instead of those that the configuration tells.")
    private List<String> topics = List.of();

    @Option(names = "--objective", paramLabel = "DURATION", converter = ObjectiveConverter.class,
        description = "How long events may take in total, for every flow, such as 50ms. Without it: what the flow" +
            " declares under 'objective', or 100ms.")
    private Duration objective;

    @Option(names = "--percentile", paramLabel = "P",
        description = "Which part of the events has to keep the objective (default: ${DEFAULT-VALUE}).")
    private double percentile = DEFAULT_PERCENTILE;

    @Option(names = "--sinks", paramLabel = "discard|real",
        description = "discard measures the bus and the threads of its flows; real WRITES into the targets of the" +
            " configuration, and needs --yes (default: discard).")
    private String sinks = DISCARD;

    @Option(names = "--yes", description = "Do write into the targets, with --sinks real.")
    private boolean yes;

    @Option(names = "--work", paramLabel = "DIR",
        description = "Where the temporary folder is made, best on the disk of the event log (default: the system's).")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--report", paramLabel = "DIR", description = "Folder of the report.")
    private Path report;

    @Override
    public Integer call() throws IOException {
        final SiteOptions options = options();
        final ServiceConfiguration configuration;
        try {
            final LoadedConfiguration loaded =
                ConfigurationLoader.load(file, System.getenv(), AdapterRegistry.load());
            print(loaded.warnings(), "warning: ");
            configuration = loaded.configuration();
        } catch (final ConfigurationException e) {
            print(e.problems(), "");
            print(e.warnings(), "warning: ");
            err().println("headrace: " + e.problems().size() + (e.problems().size() == 1 ? " problem" : " problems")
                + " in " + file + ".");
            return EXIT_USAGE;
        }
        check(configuration);
        return measureAndCleanUp(configuration, options);
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private void print(final List<ConfigurationProblem> problems, final String prefix) {
        problems.forEach(problem -> err().println(prefix + problem.render()));
        err().flush();
    }

    private SiteOptions options() {
        require(rate >= 1, "--rate must be at least 1.");
        require(maxRate >= rate, "--max-rate must be at least --rate.");
        require(seconds >= 0, "--seconds must not be negative.");
        require(payload >= 1, "--payload must be at least 1.");
        require(keys >= 1 && keys <= MAX_KEYS, "--keys must be between 1 and " + MAX_KEYS + ".");
        require(transaction >= 1, "--transaction must be at least 1.");
        require(percentile > 0 && percentile <= 100, "--percentile must be above 0 and at most 100.");
        require(List.of(DISCARD, REAL).contains(sinks), "--sinks must be discard or real.");
        require(Files.isDirectory(work), "--work must be a folder.");
        return new SiteOptions(rate, maxRate, seconds > 0 ? seconds : quick ? QUICK_SECONDS : SECONDS, payload, keys,
            transaction, topics, objective == null ? 0 : objective.toNanos(), percentile, sinks.equals(REAL));
    }

    private void require(final boolean holds, final String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private void check(final ServiceConfiguration configuration) {
        require(!configuration.sources().isEmpty() && !configuration.sinks().isEmpty(),
            file + " needs a source and a sink, or there is nothing to measure.");
        for (final String topic : topics) {
            require(configuration.sources().stream().anyMatch(source -> topic.startsWith(source.name() + ".")
                    && topic.length() > source.name().length() + 1),
                "--topics: '" + topic + "' does not begin with the name of a source and a dot.");
        }
        require(sinks.equals(DISCARD) || yes, "--sinks real writes synthetic events into the targets of "
            + configuration.sinks().stream().map(sink -> sink.name() + " (" + sink.type() + ")").toList()
            + ". Add --yes if nothing that matters is there.");
    }

    private int measureAndCleanUp(final ServiceConfiguration configuration, final SiteOptions options)
        throws IOException {
        final Path workFolder = Files.createTempDirectory(work, "headrace-site-");
        final CountDownLatch cleaned = new CountDownLatch(1);
        final Thread main = Thread.currentThread();
        final Thread hook = new Thread(() -> {
            main.interrupt();
            try {
                cleaned.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "headrace-site-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return measure(configuration, options, workFolder);
        } catch (final InterruptedException e) {
            err().println("headrace: Stopped before the end; there is no report.");
            return EXIT_BROKEN;
        } catch (final LogException | IllegalStateException | IllegalArgumentException e) {
            err().println("headrace: The site cannot be measured: " + e.getMessage() + ".");
            return e instanceof IllegalArgumentException ? EXIT_USAGE : EXIT_BROKEN;
        } finally {
            // An interrupt that is left would close the files under the hands of those who delete them.
            Thread.interrupted();
            delete(workFolder);
            cleaned.countDown();
            err().flush();
            remove(hook);
        }
    }

    private static void remove(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // It runs already, as the process ends: nothing is left to remove.
            return;
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private int measure(final ServiceConfiguration configuration, final SiteOptions options, final Path workFolder)
        throws IOException, InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        final SiteRun.Progress progress = line -> {
            out.println(line);
            out.flush();
        };
        final SiteRun run = new SiteRun(configuration, options, workFolder, progress);
        run.topicTexts().forEach((source, texts) -> progress.line("Synthetic " + source + ": "
            + String.join(", ", texts)));
        progress.line("Sinks: " + (options.realSinks() ? "the site's own, under names that end with '"
            + SiteConfiguration.SINK_SUFFIX + "'" : "discard, nothing is written"));
        run.notes().forEach(note -> progress.line("Note: " + note + "."));
        final Map<String, Object> environment = Environment.collect(
            Path.of(System.getProperty("headrace.root", "")).toAbsolutePath());
        final SiteResult result = run.run(configuration);
        final Path folder = report != null ? report : Path.of("headrace-site-"
            + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        final String machine = environment.get("cores") + " cores, Java " + System.getProperty("java.version")
            + ", sinks " + sinks + ", payload " + payload + " B";
        SiteReport.write(folder, "headrace perf site " + file, environment, machine, result);
        SiteTable.print(result, out);
        out.println("\nReport: " + folder.resolve("site.html"));
        out.flush();
        return result.broken() ? EXIT_BROKEN : 0;
    }
}
