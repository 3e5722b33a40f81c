package io.headrace.adapters.testkit.example;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends each event's topic as a line over TCP; the other side answers each line with "+", or "-" to refuse it. */
public final class LineSinkProvider implements SinkProvider<LineSinkProvider.Options> {
    public record Options(
        @Option("The host to send to.") String host,
        @Option(value = "Its port, from 1 to 65535.", min = "1", max = "65535") int port,
        @Option(value = "The longest wait in ms.", defaultValue = "5000", min = "1") int timeoutMs) { }

    @Override public String type() {
        return "lines";
    }
    @Override public String description() {
        return "Sends each event's topic as a line over TCP.";
    }
    @Override public Class<Options> optionsType() {
        return Options.class;
    }
    @Override public SinkCapabilities capabilities(final Options options) {
        return new SinkCapabilities(1, false);
    }
    @Override public Sink createSink(final Options options, final SinkContext context) {
        return new LineSink(options);
    }

    private record LineSink(Options options) implements Sink {
        @Override public void deliver(final EventBatch batch) throws DeliveryException {
            int done = 0;
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(options.timeoutMs());
                socket.connect(new InetSocketAddress(options.host(), options.port()), options.timeoutMs());
                for (; done < batch.size(); done++) {
                    final String line = batch.event(done).topic() + '\n';
                    socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                    if (new DataInputStream(socket.getInputStream()).readByte() != '+') {
                        throw DeliveryException.poison(done, done, "It refuses " + line.trim(), null);
                    }
                }
            } catch (final IOException ex) {
                throw DeliveryException.retriable(done, options.host() + " is away: " + ex, ex);
            }
        }
        @Override public void close() { }
    }
}
