package io.headrace.perf.growth;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.subscription.DirectSubscription;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.perf.rig.Arm;
import io.headrace.perf.rig.ArmRun;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The main thread of an arm with a number of topics: it publishes events, each with the next topic of a random order,
 * and gives the subscriptions their turns itself, so that nothing is measured but the work.
 */
final class TopicArm {
    private static final int PAYLOAD_BYTES = 32;
    /** Published before the subscriptions get a turn. */
    private static final int BURST = 256;
    private static final long SEED = 20261128;

    private final List<byte[]> topics = new ArrayList<>();
    private final List<DirectSubscription> subscriptions = new ArrayList<>();
    private final Bus bus = new Bus(new BusContext());
    private final Sender sender = new Sender(bus, PAYLOAD_BYTES);
    private long sentCount;
    private long handledCount;

    private TopicArm(final int topicCount, final boolean byName) {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < topicCount; i++) {
            names.add(String.format("plant.line-%02d.machine-%02d", i / 100, i % 100));
        }
        final int each = byName ? TopicSelector.MAX_PATTERNS : topicCount;
        for (int from = 0; from < topicCount; from += each) {
            final TopicSelector selector = byName ? TopicSelector.of(
                names.subList(from, Math.min(topicCount, from + each))) : TopicSelector.of("plant.*");
            subscriptions.add(bus.addDirect("handler-" + from, selector, event -> handledCount++));
        }
        Collections.shuffle(names, new Random(SEED));
        names.forEach(name -> topics.add(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** One subscription selects all topics by one pattern. */
    static Arm.Body byPattern(final int topicCount) {
        return run -> new TopicArm(topicCount, false).measure(run);
    }

    /** Subscriptions name every topic: as many of them as that takes, since one takes a limited number of names. */
    static Arm.Body byName(final int topicCount) {
        return run -> new TopicArm(topicCount, true).measure(run);
    }

    private void measure(final ArmRun run) {
        try (bus) {
            work(run.settings().seconds(0.5, 5));
            final long beginCount = sentCount;
            final long beginNs = System.nanoTime();
            work(run.settings().seconds(0.5, 10));
            run.metric("cost", (System.nanoTime() - beginNs) / (double)(sentCount - beginCount));
            run.count("sent", sentCount);
            run.count("handled", handledCount);
            run.count("subscriptions", subscriptions.size());
            if (handledCount != sentCount) {
                run.fail("handled " + handledCount + " of " + sentCount + " events");
            }
        }
    }

    private void work(final double seconds) {
        final long beginNs = System.nanoTime();
        final long lengthNs = (long)(seconds * 1e9);
        while (System.nanoTime() - beginNs < lengthNs) {
            for (int i = 0; i < BURST; i++) {
                sender.send(topics.get((int)(sentCount++ % topics.size())));
            }
            for (final DirectSubscription subscription : subscriptions) {
                for (int moved = 0; moved < BURST;) {
                    moved += subscription.doWork();
                }
            }
        }
    }
}
