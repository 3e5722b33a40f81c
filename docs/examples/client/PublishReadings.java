import io.headrace.client.ClientContext;
import io.headrace.client.Confirm;
import io.headrace.client.HeadraceClient;
import io.headrace.client.RemotePublisher;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.ReadingWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Publishes readings of a sensor to a service, and waits for each until it is recorded: HOST:PORT COUNT. */
public final class PublishReadings {
    private PublishReadings() {
    }

    public static void main(final String[] args) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        try (HeadraceClient client = HeadraceClient.connect(new ClientContext().name("meter-7").address(args[0]));
            RemotePublisher publisher = client.publisher("meter-7")) {
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                final int lengthBytes = encode(buffer, run + "-" + i, 20 + Math.sin(i));
                final long sequence = publisher.publish(
                    buffer, 0, lengthBytes, Confirm.RECORDED, TimeUnit.MINUTES.toNanos(1));
                if (sequence < 0 && sequence != RemotePublisher.DUPLICATE) {
                    throw new IllegalStateException("reading " + i + ": " + sequence + ", " + publisher.reason());
                }
            }
            System.out.println(publisher.answeredCount() + " readings are recorded");
        }
    }

    /** The source is the publisher's name; with its message id an event may be sent twice, and is there once. */
    private static int encode(final UnsafeBuffer buffer, final String messageId, final double celsius) {
        final EventWriter event = new EventWriter().wrap(buffer, 0).kind(EventKind.READING)
            .topic(utf8("plant.temperature")).source(utf8("meter-7")).messageId(utf8(messageId)).key(utf8("oven-2"));
        event.endPayload(new ReadingWriter().wrap(buffer, event.beginPayload()).doubleValue(celsius)
            .sensorId(utf8("oven-2")).unit(utf8("°C")).length());
        return event.length();
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
