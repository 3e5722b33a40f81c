package io.headrace.aeron.link;

import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.adapter.SourceProvider;
import io.headrace.bus.service.config.AdapterRegistry;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Adapters that keep what they are given in memory, by the {@code id} of their options. For any thread. */
final class CollectingAdapters {
    /** The numbers that the sinks were given, in order. */
    static final Map<String, List<Long>> NUMBERS = new ConcurrentHashMap<>();
    /** The sources that run. */
    static final Map<String, SourceContext> RUNNING = new ConcurrentHashMap<>();
    static final AdapterRegistry REGISTRY =
        AdapterRegistry.of(List.of(new Sources()), List.of(new Sinks()));

    private CollectingAdapters() {
    }

    record IdOptions(@Option("Which one.") String id) {
    }

    static List<Long> numbers(final String id) {
        return NUMBERS.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>());
    }

    static final class Sinks implements SinkProvider<IdOptions> {
        @Override
        public String type() {
            return "collecting";
        }

        @Override
        public String description() {
            return "Keeps numbers.";
        }

        @Override
        public Class<IdOptions> optionsType() {
            return IdOptions.class;
        }

        @Override
        public SinkCapabilities capabilities(final IdOptions options) {
            return new SinkCapabilities(1, false);
        }

        @Override
        public Sink createSink(final IdOptions options, final SinkContext context) {
            final List<Long> numbers = numbers(options.id());
            return new Sink() {
                @Override
                public void deliver(final EventBatch batch) {
                    for (int i = 0; i < batch.size(); i++) {
                        numbers.add(batch.event(i).buffer()
                            .getLong(batch.event(i).payloadOffset(), ByteOrder.LITTLE_ENDIAN));
                    }
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }
    }

    static final class Sources implements SourceProvider<IdOptions> {
        @Override
        public String type() {
            return "standing";
        }

        @Override
        public String description() {
            return "Says that it runs.";
        }

        @Override
        public Class<IdOptions> optionsType() {
            return IdOptions.class;
        }

        @Override
        public Source createSource(final IdOptions options, final SourceContext context) {
            return new Source() {
                @Override
                public void start() {
                    RUNNING.put(options.id(), context);
                }

                @Override
                public void quiesce() {
                    RUNNING.remove(options.id());
                }

                @Override
                public void close() {
                    RUNNING.remove(options.id());
                }
            };
        }
    }

    static Optional<SourceContext> running(final String id) {
        return Optional.ofNullable(RUNNING.get(id));
    }
}
