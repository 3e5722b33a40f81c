package io.headrace.bus.service.config;

import io.headrace.bus.adapter.ByteSize;
import io.headrace.bus.adapter.CheckedOptions;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Secret;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adapters with options of every type, for tests of the configuration; they are never started. */
final class TestAdapters {
    static final AdapterRegistry REGISTRY =
        AdapterRegistry.of(List.of(new FeedProvider()), List.of(new StoreProvider(), new PrintProvider()));

    private TestAdapters() {
    }

    enum Mode {
        FAST, VERY_SAFE
    }

    record TlsOptions(
        @Option(value = "Trust.", defaultValue = "system") String trust,
        @Option("Names.") List<String> names) {
    }

    record ColumnOptions(
        @Option("Target.") String to,
        @Option(value = "Constant.") Optional<String> constant) {
    }

    record FeedOptions(
        @Option(value = "Where.", example = "feed.example.org") String host,
        @Option(value = "Port.", defaultValue = "5432", min = "1", max = "65535") int port,
        @Option("Password.") Optional<Secret> password,
        @Option(value = "Mode.", defaultValue = "fast") Mode mode,
        @Option(value = "Interval.", defaultValue = "5s", min = "1ms", max = "1h") Duration statusInterval,
        @Option(value = "Size.", defaultValue = "64KiB", max = "1GiB") ByteSize buffer,
        @Option(value = "Part.", defaultValue = "0.5", min = "0", max = "1") double part,
        @Option(value = "Rows.", defaultValue = "9000000000") long rows,
        @Option(value = "Snapshot.", defaultValue = "true") boolean snapshot,
        @Option(value = "Tables.", defaultValue = "[\"public.*\"]") List<String> tables,
        @Option("Retries.") Optional<Integer> retries,
        @Option("Labels.") Map<String, String> labels,
        @Option("Columns.") Map<String, ColumnOptions> columns,
        @Option("Limits.") List<Duration> limits,
        @Option("TLS.") TlsOptions tls) {
    }

    static final class FeedProvider implements SourceProvider<FeedOptions> {
        @Override
        public String type() {
            return "feed";
        }

        @Override
        public String description() {
            return "A feed.";
        }

        @Override
        public Class<FeedOptions> optionsType() {
            return FeedOptions.class;
        }

        @Override
        public Source createSource(final FeedOptions options, final SourceContext context) {
            throw new UnsupportedOperationException("never started");
        }
    }

    record StoreOptions(
        @Option(value = "URL.", example = "store://host") String url,
        @Option("Password.") Secret password,
        @Option(value = "Whole.", defaultValue = "false") boolean wholeTransactions,
        @Option(value = "Least.", defaultValue = "1") int low,
        @Option(value = "Most.", defaultValue = "8") int highMark) implements CheckedOptions {
        StoreOptions {
            if (url.isEmpty()) {
                throw new IllegalArgumentException("url= of password=" + password.value() + " is empty");
            }
        }

        @Override
        public List<OptionProblem> problems() {
            return low <= highMark ? List.of() : List.of(
                new OptionProblem("highMark", "is below low with password " + password.value(), "Give more."),
                new OptionProblem("", "the marks are crossed", "Swap them"));
        }
    }

    static final class StoreProvider implements SinkProvider<StoreOptions> {
        @Override
        public String type() {
            return "store";
        }

        @Override
        public String description() {
            return "A store.";
        }

        @Override
        public Class<StoreOptions> optionsType() {
            return StoreOptions.class;
        }

        @Override
        public SinkCapabilities capabilities(final StoreOptions options) {
            return new SinkCapabilities(4, options.wholeTransactions());
        }

        @Override
        public Sink createSink(final StoreOptions options, final SinkContext context) {
            throw new UnsupportedOperationException("never started");
        }
    }

    record PrintOptions(@Option(value = "Prefix.", defaultValue = "") String prefix) {
    }

    static final class PrintProvider implements SinkProvider<PrintOptions> {
        @Override
        public String type() {
            return "print";
        }

        @Override
        public String description() {
            return "Prints.";
        }

        @Override
        public Class<PrintOptions> optionsType() {
            return PrintOptions.class;
        }

        @Override
        public SinkCapabilities capabilities(final PrintOptions options) {
            if ("refuse".equals(options.prefix())) {
                throw new IllegalStateException("prefix=refuse is not possible");
            }
            return new SinkCapabilities(1, false);
        }

        @Override
        public Sink createSink(final PrintOptions options, final SinkContext context) {
            throw new UnsupportedOperationException("never started");
        }
    }
}
