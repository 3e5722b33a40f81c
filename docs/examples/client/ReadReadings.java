import io.headrace.client.ClientContext;
import io.headrace.client.HeadraceClient;
import io.headrace.client.LinkState;
import io.headrace.client.RemoteSubscription;
import io.headrace.client.StartAt;
import io.headrace.codecs.DecodeError;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Prints the readings that a service has recorded, from the first one on, until there were COUNT: HOST:PORT COUNT. */
public final class ReadReadings {
    private static final int LIMIT = 100;

    private final ReadingView reading = new ReadingView();

    private ReadReadings() {
    }

    public static void main(final String[] args) {
        final ReadReadings reader = new ReadReadings();
        final IdleStrategy idle = new BackoffIdleStrategy();
        try (HeadraceClient client = HeadraceClient.connect(new ClientContext().name("board-1").address(args[0]));
            RemoteSubscription readings = client.subscription("board-1", StartAt.start(), "plant.*")) {
            LinkState state = readings.state();
            while (readings.eventCount() < Long.parseLong(args[1])) {
                idle.idle(readings.poll(reader::onEvent, LIMIT));
                if (state != readings.state()) {
                    state = readings.state();
                    System.out.println(state + " at " + readings.position() + ", " + readings.lag() + " to come");
                }
            }
            // To go on here after a restart: keep this number with what was done, and begin with StartAt.sequence.
            System.out.println("next is " + readings.nextSequence());
        }
    }

    private void onEvent(final EventView event) {
        if (reading.wrap(event.buffer(), event.payloadOffset(), event.payloadLength()) == DecodeError.NONE) {
            System.out.println(event.sequence() + " " + event.topic() + " " + reading.sensorId() + " "
                + reading.doubleValue() + " " + reading.unit());
        }
    }
}
