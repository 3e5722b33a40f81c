package io.headrace.bus.service.config;

import io.headrace.bus.AgentHost;
import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.delivery.OnPoison;
import io.headrace.bus.delivery.RetryOptions;
import io.headrace.bus.link.LinkServerContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.SyncLevel;
import io.headrace.bus.ring.ProducerMode;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.bus.service.config.TestAdapters.ColumnOptions;
import io.headrace.bus.service.config.TestAdapters.FeedOptions;
import io.headrace.bus.service.config.TestAdapters.Mode;
import io.headrace.bus.service.config.TestAdapters.StoreOptions;
import io.headrace.bus.service.config.TestAdapters.TlsOptions;
import io.headrace.bus.subscription.AfterStage;
import io.headrace.bus.subscription.StartPosition;
import io.headrace.bus.subscription.SubscriptionContext;
import io.headrace.bus.subscription.WhenFull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfigurationLoaderTest {
    private static final Path FILE = Path.of("headrace.yaml");

    @TempDir
    private Path folder;

    private static LoadedConfiguration load(final String yaml) throws ConfigurationException {
        return ConfigurationLoader.load(yaml, FILE, Map.of("HOST", "db", "EMPTY", ""), TestAdapters.REGISTRY);
    }

    private static FeedOptions feed(final String options) throws ConfigurationException {
        final LoadedConfiguration loaded = load("""
            sources:
              erp:
                type: feed
                options:
            """ + options.indent(6));
        return (FeedOptions)loaded.configuration().sources().get(0).options();
    }

    @Test
    void shouldBindDefaults() throws Exception {
        final LoadedConfiguration loaded = load("""
            sources:
              erp: {type: feed, options: {host: h}}
            sinks:
              out: {type: print, topics: ["*"]}
            """);
        final ServiceConfiguration configuration = loaded.configuration();
        assertEquals(List.of(), loaded.warnings());
        assertEquals(FILE, configuration.file());
        assertEquals(
            new ServiceOptions("headrace", new ServiceOptions.ControlOptions(true, "127.0.0.1", 7475),
                Duration.ofSeconds(10), Duration.ofSeconds(10)),
            configuration.service());
        assertEquals(
            new BusOptions(65536, 256, WaitProfile.ECO, ProducerMode.MULTI, Optional.empty(),
                Optional.empty(), Optional.empty(), 1),
            configuration.bus());
        final FlowOptions flow = configuration.sinks().get(0).flow();
        assertEquals(
            new FlowOptions(List.of("*"), Optional.empty(), Optional.empty(), 1,
                Optional.empty(), 65536,
                new FlowOptions.BatchOptions(1024, new ByteSize(1 << 20), new ByteSize(64 << 20)),
                RetryOptions.defaults(), Optional.empty(), OnPoison.STOP,
                new FlowOptions.ObjectiveOptions(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())),
            flow);
        assertEquals(
            new FeedOptions("h", 5432, Optional.empty(), Mode.FAST, Duration.ofSeconds(5), new ByteSize(65536), 0.5,
                9_000_000_000L, true, List.of("public.*"), Optional.empty(), Map.of(), Map.of(), List.of(),
                new TlsOptions("system", List.of())),
            configuration.sources().get(0).options());
    }

    @Test
    void shouldBindEverySection() throws Exception {
        final ServiceConfiguration configuration = load("""
            service:
              name: plant-1
              control: {enabled: false, host: 0.0.0.0, port: 0}
              shutdown-timeout: 1m
              report-interval: PT1.5S
            bus:
              capacity: 1024
              slot-bytes: 128
              wait-profile: spin
              producers: single
            sources:
              erp:
                type: feed
                options: {host: h}
            sinks:
              mirror:
                type: store
                topics: [erp.public.*, erp.transaction]
                lanes: 4
                when-full: drop-newest
                conflate-max-keys: 7
                batch: {max-events: 10, max-bytes: 8KiB, max-transaction-bytes: 16KiB}
                retry: {initial: 1ms, max: 2s, jitter: 0, max-retries: 3, max-duration: 1h}
                on-poison: skip
                objective: {total-p99: 250us}
                options: {url: "store://x", password: p}
            """).configuration();
        assertEquals("plant-1", configuration.service().name());
        assertEquals(new ServiceOptions.ControlOptions(false, "0.0.0.0", 0), configuration.service().control());
        assertEquals(Duration.ofMinutes(1), configuration.service().shutdownTimeout());
        assertEquals(Duration.ofMillis(1500), configuration.service().reportInterval());
        assertEquals(
            new BusOptions(1024, 128, WaitProfile.SPIN, ProducerMode.SINGLE, Optional.empty(),
                Optional.empty(), Optional.empty(), 1),
            configuration.bus());
        assertEquals(1024, configuration.bus().busContext().capacity());
        final SinkConfiguration<?> sink = configuration.sinks().get(0);
        assertEquals("mirror", sink.name());
        assertEquals("store", sink.type());
        assertSame(TestAdapters.REGISTRY.sink("store").orElseThrow(), sink.provider());
        assertEquals(Optional.of(Duration.ofNanos(250_000)), sink.flow().objective().totalP99());
        final SubscriptionContext subscription = sink.subscriptionContext().conclude(false);
        assertEquals(List.of("erp.public.*", "erp.transaction"), subscription.topics().patterns());
        assertEquals(4, subscription.lanes());
        assertEquals(WhenFull.DROP_NEWEST, subscription.whenFull());
        assertEquals(8192, subscription.maxBatchBytes());
        assertEquals(OnPoison.SKIP, subscription.onPoison());
        assertEquals(Optional.of(3), subscription.retry().maxRetries());
    }

    @Test
    void shouldBindLinksWithTheirDefaults() throws Exception {
        final BusOptions bus = load("""
            bus:
              log: {path: /tmp/plant}
              listen: {secret: s}
              follow: {leaders: [leader-1, "10.0.0.8:7000", "[::1]:0007"]}
              replicated-copies: 2
            """).configuration().bus();
        final LinkServerContext server = bus.listen().orElseThrow().serverContext(WaitProfile.ECO, AgentHost.threads());
        assertEquals(new InetSocketAddress("127.0.0.1", 7730), server.address());
        assertEquals(Optional.of("s"), server.secret());
        assertEquals(64, server.maxLinks());
        assertEquals(List.of(), server.liveTopics());
        assertEquals(List.of(7730, 7000, 7), bus.follow().orElseThrow().leaderAddresses().stream()
            .map(InetSocketAddress::getPort).toList());
        assertEquals(2, bus.busContext().replicatedCopies());
    }

    @Test
    void shouldBindTheEventLogWithItsDefaults() throws Exception {
        final LogOptions log = load("bus: {log: {path: /tmp/plant}}\n").configuration().bus().log().orElseThrow();
        final EventLogContext context = log.eventLogContext();
        assertEquals(Path.of("/tmp/plant"), context.folder());
        assertEquals(Optional.empty(), context.driverFolder());
        assertEquals(EventLogContext.Driver.INVOKED, context.driver());
        assertEquals(SyncLevel.NONE, context.syncLevel());
        assertEquals(16 << 20, context.termLengthBytes());
        assertEquals(128 << 20, context.segmentLengthBytes());
        assertEquals(Optional.empty(), context.maxAge());
        assertEquals(Long.MAX_VALUE, context.maxBytes());
    }

    @Test
    void shouldBindEverythingOfTheEventLogAndOfAFlowBehindIt() throws Exception {
        final ServiceConfiguration configuration = load("""
            bus:
              log:
                path: log
                sync: data
                term-length: 64KiB
                segment-length: 1MiB
                retention: {age: 7d, size: 50GiB}
                driver: external
                driver-path: /dev/shm/plant
            sources:
              erp: {type: feed, options: {host: h}}
            sinks:
              out: {type: print, topics: ["*"], from: 2026-11-21T07:00:00+01:00, after: recorded, when-full: evict}
              ahead: {type: print, topics: ["*"], after: published}
              all: {type: print, topics: ["*"], from: start}
            """).configuration();
        final EventLogContext context = configuration.bus().log().orElseThrow().eventLogContext();
        assertEquals(Path.of("log"), context.folder());
        assertEquals(Optional.of(Path.of("/dev/shm/plant")), context.driverFolder());
        assertEquals(EventLogContext.Driver.EXTERNAL, context.driver());
        assertEquals(SyncLevel.DATA, context.syncLevel());
        assertEquals(64 << 10, context.termLengthBytes());
        assertEquals(1 << 20, context.segmentLengthBytes());
        assertEquals(Optional.of(Duration.ofDays(7)), context.maxAge());
        assertEquals(50L << 30, context.maxBytes());
        final FlowOptions flow = configuration.sinks().get(0).flow();
        assertEquals("2026-11-21T06:00:00Z", flow.startPosition().toString());
        assertEquals(Optional.of(AfterStage.RECORDED), flow.after());
        assertEquals(WhenFull.EVICT, configuration.sinks().get(0).subscriptionContext().conclude(true).whenFull());
        assertEquals(WhenFull.BLOCK, configuration.sinks().get(1).subscriptionContext().conclude(true).whenFull());
        assertEquals(StartPosition.NOW, configuration.sinks().get(1).flow().startPosition());
        assertEquals(StartPosition.START, configuration.sinks().get(2).flow().startPosition());
    }

    @Test
    void shouldBindEveryTypeOfOption() throws Exception {
        final FeedOptions options = feed("""
            host: 007
            port: "80"
            password: ${HOST}!
            mode: very-safe
            status-interval: PT1M30S
            buffer: 512
            part: 1e-1
            rows: -5
            snapshot: false
            tables:
              - a.b
              - "*"
            retries: 0
            labels: {a: b, C.d: "1"}
            columns:
              qty: {to: quantity}
              site: {to: plant, constant: ""}
            limits: [1ns, 2us, 3ms, 4s, 5m, 6h, 7d]
            tls:
              names: [x]
            """);
        assertEquals("007", options.host());
        assertEquals(80, options.port());
        assertEquals(Optional.of(new Secret("db!")), options.password());
        assertEquals(Mode.VERY_SAFE, options.mode());
        assertEquals(Duration.ofSeconds(90), options.statusInterval());
        assertEquals(new ByteSize(512), options.buffer());
        assertEquals(0.1, options.part());
        assertEquals(-5, options.rows());
        assertFalse(options.snapshot());
        assertEquals(List.of("a.b", "*"), options.tables());
        assertEquals(Optional.of(0), options.retries());
        assertEquals(List.of("a", "C.d"), List.copyOf(options.labels().keySet()));
        assertEquals(
            Map.of("qty", new ColumnOptions("quantity", Optional.empty()),
                "site", new ColumnOptions("plant", Optional.of(""))),
            options.columns());
        assertEquals(
            List.of(Duration.ofNanos(1), Duration.ofNanos(2_000), Duration.ofMillis(3), Duration.ofSeconds(4),
                Duration.ofMinutes(5), Duration.ofHours(6), Duration.ofDays(7)),
            options.limits());
        assertEquals(new TlsOptions("system", List.of("x")), options.tls());
    }

    @Test
    void shouldTakeNothingForAbsentWhereItMayBe() throws Exception {
        final FeedOptions options = feed("""
            host: h
            retries:
            tables: ~
            labels: null
            tls:
            """);
        assertEquals(Optional.empty(), options.retries());
        assertEquals(List.of("public.*"), options.tables());
        assertEquals(Map.of(), options.labels());
        assertEquals("system", options.tls().trust());
    }

    @Test
    void shouldSubstituteFromTheEnvironment() throws Exception {
        final FeedOptions options = feed("""
            host: ${HOST}.${NONE:example}.org
            port: ${NONE:81}
            password: ${EMPTY}
            tables: ["${HOST}.*", '$${HOST}', "a$b$", "${NONE:}"]
            labels: {"${HOST}": "$$${HOST}"}
            """);
        assertEquals("db.example.org", options.host());
        assertEquals(81, options.port());
        assertEquals(Optional.empty(), options.password());
        assertEquals(List.of("db.*", "${HOST}", "a$b$", ""), options.tables());
        assertEquals(Map.of("${HOST}", "$${HOST}"), options.labels());
    }

    @Test
    void shouldFollowAliasesAndAByteOrderMark() throws Exception {
        final ServiceConfiguration configuration = load("\uFEFF" + """
            sources: {erp: {type: feed, options: {host: h}}}
            sinks:
              a: {type: print, topics: &all ["*"], retry: &patient {max: 1h}}
              b: {type: print, topics: *all, retry: *patient}
            """).configuration();
        assertEquals(configuration.sinks().get(0).flow(), configuration.sinks().get(1).flow());
        assertEquals(Duration.ofHours(1), configuration.sinks().get(1).flow().retry().max());
    }

    @Test
    void shouldReadSecretFilesBesideTheConfiguration() throws Exception {
        Files.writeString(folder.resolve("open"), "open-secret\n");
        Files.writeString(folder.resolve("closed"), "closed\n\n");
        Files.setPosixFilePermissions(folder.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rw-------"));
        final Path file = write("""
            sources: {erp: {type: feed, options: {host: h}}}
            sinks:
              a:
                type: store
                topics: ["*"]
                options:
                  url: "u:${file:closed}"
                  password: ${file:open}
            """);
        final LoadedConfiguration loaded = ConfigurationLoader.load(file, Map.of(), TestAdapters.REGISTRY);
        final StoreOptions options = (StoreOptions)loaded.configuration().sinks().get(0).options();
        assertEquals("u:closed\n", options.url());
        assertEquals(new Secret("open-secret"), options.password());
        assertEquals(1, loaded.warnings().size());
        final ConfigurationProblem warning = loaded.warnings().get(0);
        assertEquals(8, warning.line());
        assertEquals(17, warning.column());
        assertEquals("sinks.a.options.password", warning.path());
        assertEquals("the secret file 'open' can be read by every user of this machine", warning.message());
        assertFalse(loaded.configuration().toString().contains("open-secret"));
    }

    private Path write(final String yaml) throws IOException {
        return Files.writeString(folder.resolve("headrace.yaml"), yaml);
    }

    @Test
    void shouldRefuseSecretFilesThatCannotBeRead() throws Exception {
        Files.createDirectory(folder.resolve("folder"));
        Files.write(folder.resolve("binary"), new byte[]{(byte)0xC3, 0x28});
        Files.write(folder.resolve("large"), new byte[ValueSubstitution.MAX_FILE_BYTES + 1]);
        Files.write(folder.resolve("full"), new byte[ValueSubstitution.MAX_FILE_BYTES]);
        final Path file = write("""
            sources:
              erp:
                type: feed
                options:
                  host: ${file:none}
                  labels:
                    a: ${file:folder}
                    b: ${file:binary}
                    c: ${file:large}
                    d: ${file:}
                    e: "${file:\\0}"
                    f: ${file:full}
            """);
        final ConfigurationException e = assertThrows(
            ConfigurationException.class, () -> ConfigurationLoader.load(file, Map.of(), TestAdapters.REGISTRY));
        assertEquals(
            List.of(
                "5 the secret file 'none' does not exist",
                "7 the secret file 'folder' is no file",
                "8 the secret file 'binary' is not UTF-8 text",
                "9 the secret file 'large' is larger than 65536 bytes",
                "10 the secret file '' is no file",
                "11 the secret file '\uFFFD' has a name that no file can have"),
            e.problems().stream().map(p -> p.line() + " " + p.message()).toList());
    }

    @Test
    void shouldRefuseFilesThatCannotBeRead() throws Exception {
        assertFileProblem(folder.resolve("none.yaml"), "there is no such file");
        assertFileProblem(folder, "the file is a folder");
        final Path binary = Files.write(folder.resolve("binary.yaml"), new byte[]{'a', (byte)0xFF});
        assertFileProblem(binary, "the file is not UTF-8 text");
        final Path large =
            Files.writeString(folder.resolve("large.yaml"), "#".repeat(ConfigurationText.MAX_BYTES + 1));
        assertFileProblem(large, "the file is larger than 1048576 bytes");
        final Path full = Files.writeString(folder.resolve("full.yaml"), "#".repeat(ConfigurationText.MAX_BYTES));
        final ConfigurationException e = assertThrows(
            ConfigurationException.class, () -> ConfigurationLoader.load(full, Map.of(), TestAdapters.REGISTRY));
        assertEquals("the file is empty", e.problems().get(0).message());
    }

    private static void assertFileProblem(final Path file, final String message) {
        final ConfigurationException e = assertThrows(
            ConfigurationException.class, () -> ConfigurationLoader.load(file, Map.of(), TestAdapters.REGISTRY));
        assertEquals(1, e.problems().size());
        assertEquals(message, e.problems().get(0).message());
        assertEquals(0, e.problems().get(0).line());
        assertTrue(e.problems().get(0).render().startsWith(file + ": " + message + ". "));
    }
}
