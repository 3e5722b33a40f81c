package io.headrace.perf.log;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogs;
import io.headrace.bus.log.SyncLevel;
import io.headrace.bus.publish.EventClaim;
import io.headrace.bus.publish.Publisher;
import io.headrace.bus.ring.WaitProfile;
import io.headrace.codecs.EventWriter;
import io.headrace.codecs.sbe.EventKind;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** A bus as a measurement needs it, with an event log or without one, and events of one length. */
final class LoggedBus {
    /** How long an event and, with the record's header, a message in the log is. */
    static final int EVENT_BYTES = 128;
    static final int MESSAGE_BYTES = EVENT_BYTES + 32;
    static final byte[] TOPIC = "m".getBytes(StandardCharsets.UTF_8);

    private static final int SLOTS = 1 << 16;
    private static final int SLOT_BYTES = 256;

    private LoggedBus() {
    }

    static Bus open(final Path folder, final boolean sync, final String waitProfile) {
        return new Bus(context(waitProfile).log(() -> EventLogs.provider().open(
            new EventLogContext().folder(folder).syncLevel(sync ? SyncLevel.DATA : SyncLevel.NONE))));
    }

    static Bus openWithoutLog(final String waitProfile) {
        return new Bus(context(waitProfile));
    }

    private static BusContext context(final String waitProfile) {
        return new BusContext().ring(SLOTS, SLOT_BYTES)
            .waitProfile(WaitProfile.valueOf(waitProfile.toUpperCase(Locale.ROOT)));
    }

    /** Publishes events of {@link #EVENT_BYTES}; owned by one thread. */
    static final class Sender {
        private final Publisher publisher;
        private final EventClaim claim = new EventClaim();
        private final EventWriter writer = new EventWriter();
        private final UnsafeBuffer payload;
        private final int length;

        Sender(final Bus bus, final String name) {
            publisher = bus.newPublisher(name);
            final int overhead = EventWriter.overheadLength(TOPIC.length, TOPIC.length, 0, 0, 0, 0);
            payload = new UnsafeBuffer(new byte[EVENT_BYTES - overhead]);
            length = EVENT_BYTES;
        }

        /** Waits for room; answers the event's sequence. */
        long send(final long number, final long happenedAtNs, final long sentNs) {
            final long sequence = publisher.claim(length, claim, Long.MAX_VALUE / 2);
            payload.putLong(0, number);
            payload.putLong(Long.BYTES, sentNs);
            claim.commit(writer.wrap(claim.buffer(), claim.offset()).kind(EventKind.DOCUMENT)
                .sourceTimeNs(happenedAtNs).topic(TOPIC).source(TOPIC)
                .payload(payload, 0, payload.capacity()).length());
            return sequence;
        }
    }

    static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
