package io.headrace.adapters.file;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.adapter.Health;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.log.EpochHistory;
import io.headrace.bus.monitor.HealthIndicator;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationLoader;
import io.headrace.bus.service.config.ServiceConfiguration;
import io.headrace.bus.service.config.SinkConfiguration;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real bus with the PostgreSQL source on it, and a file sink in Debezium's envelope for each set of settings. */
final class PostgresToFiles implements AutoCloseable {
    private static final String CONFIGURATION = """
        sources:
          erp:
            type: postgres
            options:
              port: ${PORT}
              database: postgres
              user: postgres
              password: postgres
              slot-name: headrace_golden
              publication: ${PUBLICATION}
              messages: [outbox]
        sinks:
          defaults:
            type: file
            topics: ["*"]
            options: {directory: "${FOLDER}/defaults", format: debezium, database: postgres}
          strings:
            type: file
            topics: ["*"]
            options:
              directory: ${FOLDER}/strings
              format: debezium
              database: postgres
              decimal-handling: string
              interval-handling: string
        """;

    private final Path folder;
    private final Bus bus = new Bus(new BusContext().ring(1 << 14, 256));
    private final Source source;

    PostgresToFiles(final int port, final Path folder) throws Exception {
        this.folder = folder;
        final Path file = Files.writeString(folder.resolve("golden.yaml"), CONFIGURATION);
        final ServiceConfiguration configuration = ConfigurationLoader.load(
            file,
            Map.of(
                "PORT", Integer.toString(port),
                "PUBLICATION", GoldenScript.PUBLICATION,
                "FOLDER", folder.toString()),
            AdapterRegistry.load()).configuration();
        for (final SinkConfiguration<?> sink : configuration.sinks()) {
            Files.createDirectories(folder.resolve(sink.name()));
            bus.subscribe(sink.subscriptionContext(), lane -> sink.createSink(new Context(sink.name())));
        }
        source = configuration.sources().get(0).createSource(new Context("erp"));
        source.start();
    }

    /** The lines of a sink's files until now, the one in progress among them. */
    List<String> lines(final String sinkName) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(sinkName))) {
            for (final Path file : files.sorted().toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Override
    public void close() {
        source.close();
        bus.close();
    }

    private final class Context implements SourceContext, SinkContext {
        private final String name;
        private final Health health;

        Context(final String name) {
            this.name = name;
            health = new HealthIndicator(name);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public EpochHistory epochs() {
            return bus.epochs();
        }

        @Override
        public Optional<RecordedSource> recorded() {
            return bus.recorded(name);
        }

        @Override
        public boolean durable() {
            return bus.hasLog();
        }

        @Override
        public EpochNanoClock epochClock() {
            return SystemEpochNanoClock.INSTANCE;
        }

        @Override
        public NanoClock nanoClock() {
            return SystemNanoClock.INSTANCE;
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public AtomicCounter counter(final String counterName) {
            return bus.counters().counter("adapter." + name + "." + counterName);
        }

        @Override
        public Publisher publisher() {
            return bus.newPublisher(name);
        }

        @Override
        public long finishedSequence() {
            return bus.finishedSequence();
        }

        @Override
        public int lane() {
            return 0;
        }

        @Override
        public int laneCount() {
            return 1;
        }
    }
}
