package io.headrace.adapters.cli.control;

import io.headrace.bus.Bus;

import java.net.HttpURLConnection;
import java.util.function.Supplier;

/** The bus of a service at the moment of a request: a replica may have none yet, or another one. For any thread. */
final class PresentBus {
    private final Supplier<Bus> bus;

    PresentBus(final Supplier<Bus> bus) {
        this.bus = bus;
    }

    /** {@return the bus of now} */
    Bus require() throws RequestException {
        try {
            return bus.get();
        } catch (final IllegalStateException e) {
            throw new RequestException(HttpURLConnection.HTTP_UNAVAILABLE,
                "There is no bus now: " + e.getMessage() + ".", "Look with 'headrace status', and try again.");
        }
    }
}
