package io.headrace.perf.postgres;

import io.headrace.bus.service.HeadraceService;
import io.headrace.bus.service.config.ConfigurationException;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.perf.rig.ConfiguredService;

import java.io.IOException;

/** The subscription's thread: a whole service, as a configuration file describes it, with one direct handler. */
final class HeadraceReader implements AutoCloseable {
    private final RowChangeView row = new RowChangeView();
    private final RowReceiver receiver;
    private final HeadraceService service;

    HeadraceReader(
        final int port, final String name, final String waitProfile, final String streaming, final RowReceiver receiver)
        throws IOException, ConfigurationException {
        this.receiver = receiver;
        service = ConfiguredService.of(
            "bus: {wait-profile: " + waitProfile + "}\n" + source(port, name, waitProfile, streaming));
        service.bus().subscribe("measured", TopicSelector.of("erp.public.*"), this::onEvent);
        service.start();
    }

    /** The section of a configuration that describes a source. */
    static String source(final int port, final String name, final String idle, final String streaming) {
        return """
            sources:
              erp:
                type: postgres
                options:
                  host: 127.0.0.1
                  port: %d
                  database: %s
                  user: %s
                  password: %s
                  slot-name: %s
                  publication: %s
                  snapshot: never
                  idle: %s
                  streaming: %s
            """.formatted(port, MeasuredServer.DATABASE, MeasuredServer.USER, MeasuredServer.PASSWORD, name, name,
            idle, streaming);
    }

    private void onEvent(final EventView event) {
        if (event.kind() == EventKind.ROW_CHANGE) {
            final long receivedNs = System.nanoTime();
            final DecodeError error = row.wrap(event.buffer(), event.payloadOffset(), event.payloadLength());
            if (error != DecodeError.NONE) {
                throw new IllegalStateException("error=" + error);
            }
            receiver.onRow(receivedNs, row.column(0).after().longValue());
        }
    }

    /** {@return a counter of the source} */
    long counter(final String counterName) {
        return service.bus().counters().counter("source.erp." + counterName).get();
    }

    @Override
    public void close() {
        service.close();
    }
}
