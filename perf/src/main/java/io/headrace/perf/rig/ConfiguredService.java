package io.headrace.perf.rig;

import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.config.AdapterRegistry;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.service.config.ConfigurationLoader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Stateless: makes whole services, as a configuration file describes them. */
public final class ConfiguredService {
    private ConfiguredService() {
    }

    /**
     * Makes a service.
     *
     * @param configuration the text of the file.
     * @return the service, not started.
     * @throws IOException            when the file cannot be written.
     * @throws ConfigurationException when the text is wrong.
     */
    public static HeadraceService of(final String configuration) throws IOException, ConfigurationException {
        final Path file = Files.createTempFile("headrace-perf", ".yaml");
        try {
            Files.writeString(file, configuration);
            return new HeadraceService(
                ConfigurationLoader.load(file, Map.of(), AdapterRegistry.load()).configuration());
        } finally {
            Files.delete(file);
        }
    }
}
