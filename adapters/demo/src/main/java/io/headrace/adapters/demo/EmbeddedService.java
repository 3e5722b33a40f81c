package io.headrace.adapters.demo;

import io.headrace.bus.latency.Stage;
import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.ServiceStatus;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.subscription.Subscription;
import org.HdrHistogram.Histogram;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The service in this process. Owned by the thread that runs the demonstration; its status is for any. */
final class EmbeddedService implements DemoService {
    private final HeadraceService service;
    private List<Subscription> subscriptions = List.of();

    EmbeddedService(final Path configuration) throws ConfigurationException {
        service = new HeadraceService(DemoConfiguration.load(configuration));
    }

    @Override
    public void start() {
        service.start();
        // Kept, as a bus that is closed has none any more.
        subscriptions = List.copyOf(service.bus().subscriptions());
    }

    @Override
    public ServiceStatus status() {
        return service.status();
    }

    @Override
    public Map<String, Map<Stage, Histogram>> latencies() {
        final Map<String, Map<Stage, Histogram>> latencies = new LinkedHashMap<>();
        subscriptions.forEach(
            subscription -> latencies.put(subscription.name(), subscription.latency().whole()));
        return latencies;
    }

    @Override
    public boolean stop(final Duration timeout) {
        return service.stop(timeout);
    }

    @Override
    public void close() {
        service.close();
    }
}
