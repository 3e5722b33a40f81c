package io.headrace.perf.growth;

import io.headrace.perf.rig.ArmRun;
import io.headrace.perf.rig.EventPath;
import io.headrace.perf.rig.OpenLoop;
import io.headrace.perf.rig.Settings;
import io.headrace.perf.rig.TimeHistory;
import org.HdrHistogram.Histogram;

/**
 * The main thread of an arm with a number of buffered subscriptions: until each of them has an event, and how long the
 * publisher is held, which wakes those that sleep.
 */
final class SubscriptionArm {
    private SubscriptionArm() {
    }

    static void measure(final ArmRun run, final int count, final int ratePerSecond) throws Exception {
        final Settings settings = run.settings();
        final double warmUpSeconds = settings.seconds(0.5, 10);
        final PublishTimes times = new PublishTimes(Math.round(warmUpSeconds * ratePerSecond));
        OpenLoop.measure(run, (receivers, payloadBytes, waitProfile) ->
            times.of(new BufferedPath(receivers, payloadBytes, waitProfile)), count, ratePerSecond, warmUpSeconds,
            settings.seconds(1, 20), 0);
        times.report(run);
    }

    /** The sending thread: how long publishing an event took, from the end of the warm-up on. */
    private static final class PublishTimes implements EventPath {
        private static final int DIGITS = 3;

        private final Histogram histogram = new Histogram(DIGITS);
        private final long firstNumber;
        private EventPath path;

        PublishTimes(final long firstNumber) {
            this.firstNumber = firstNumber;
        }

        EventPath of(final EventPath value) {
            path = value;
            return this;
        }

        @Override
        public void send(final long number, final long intendedNs, final long sentNs) {
            path.send(number, intendedNs, sentNs);
            if (number >= firstNumber) {
                histogram.recordValue(System.nanoTime() - sentNs);
            } else {
                histogram.setStartTimeStamp(System.currentTimeMillis());
            }
        }

        void report(final ArmRun run) throws Exception {
            final TimeHistory history = new TimeHistory();
            history.add(histogram);
            run.times("publish", history);
            run.metric("publish mean", histogram.getMean() / 1e3);
        }

        @Override
        public void close() {
            path.close();
        }
    }
}
