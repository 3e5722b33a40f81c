package io.headrace.adapters.testkit.example;

import io.headrace.bus.adapter.DeliveryException;
import io.headrace.bus.adapter.EventBatch;
import io.headrace.bus.adapter.Option;
import io.headrace.bus.adapter.Sink;
import io.headrace.bus.adapter.SinkCapabilities;
import io.headrace.bus.adapter.SinkContext;
import io.headrace.bus.adapter.SinkProvider;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends each event's topic as a line over TCP; the other side answers each line with "ok", or why it refuses it. */
public final class LineSinkProvider implements SinkProvider<LineSinkProvider.Options> {
    public record Options(
        @Option("The host to send to.") String host,
        @Option(value = "Its port, from 1 to 65535.", min = "1", max = "65535") int port,
        @Option(value = "The longest wait for an answer.", defaultValue = "5s", min = "1ms") Duration timeout) { }

    @Override public String type() { return "lines"; }
    @Override public String description() { return "Sends each event's topic as a line over TCP."; }
    @Override public Class<Options> optionsType() { return Options.class; }
    @Override public SinkCapabilities capabilities(final Options options) { return new SinkCapabilities(1, false); }
    @Override public Sink createSink(final Options options, final SinkContext context) { return new Lines(options); }

    private record Lines(Options options) implements Sink {
        @Override public void deliver(final EventBatch batch) throws DeliveryException {
            int deliveredCount = 0;
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int)options.timeout().toMillis());
                socket.connect(new InetSocketAddress(options.host(), options.port()), socket.getSoTimeout());
                final BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                for (; deliveredCount < batch.size(); deliveredCount++) {
                    final String line = batch.event(deliveredCount).topic() + '\n';
                    socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                    final String answer = answers.readLine();
                    if (answer == null) {
                        throw new IOException("the connection was closed");
                    } else if (!answer.equals("ok")) {
                        throw DeliveryException.poison(deliveredCount, deliveredCount, "Refused: " + answer, null);
                    }
                }
            } catch (final IOException ex) {
                throw DeliveryException.retriable(deliveredCount, options.host() + " is away: " + ex, ex);
            }
        }

        @Override public void close() { }
    }
}
