package io.headrace.adapters.cli;

import io.headrace.adapters.cli.control.TestEvents;
import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.log.EventLogContext;
import io.headrace.bus.log.EventLogs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A real event log in small segments, written by a bus in this process, and the configuration that names it. */
final class TestLog {
    static final int TERM_BYTES = 64 << 10;
    static final int SEGMENT_BYTES = 128 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path file;
    private final Path folder;
    private final Path target;

    TestLog(final Path parent) throws IOException {
        file = parent.resolve("plant.yaml");
        folder = parent.resolve("log");
        target = Files.createDirectory(parent.resolve("target"));
        Files.writeString(file, """
            service: {name: plant-1, control: {port: %d}}
            bus: {capacity: 1024, log: {path: "%s", term-length: 64KiB, segment-length: 128KiB}}
            sources:
              test: {type: mqtt, options: {broker: {host: 127.0.0.1}, subscriptions: [{filter: "#"}]}}
            sinks:
              readings:
                type: file
                topics: ["test.readings.*"]
                from: start
                options: {directory: "%s"}
            """.formatted(TestBroker.freePort(), folder, target));
    }

    /** The configuration. */
    String file() {
        return file.toString();
    }

    /** Where the log is. */
    Path folder() {
        return folder;
    }

    /** Where the flow's files are. */
    Path target() {
        return target;
    }

    Bus openBus() {
        return new Bus(new BusContext().ring(1024, 256).log(() -> EventLogs.provider().open(new EventLogContext()
            .folder(folder).termLengthBytes(TERM_BYTES).segmentLengthBytes(SEGMENT_BYTES))));
    }

    /** One life of a service, as far as the log is concerned. */
    void during(final Consumer<Bus> work) {
        try (Bus bus = openBus()) {
            work.accept(bus);
            if (!bus.drain(PATIENCE)) {
                throw new IllegalStateException("not drained");
            }
        }
    }

    /** Changes a few bytes in the middle of the second segment. */
    void damage() throws IOException {
        final Path segment;
        try (Stream<Path> files = Files.walk(folder)) {
            segment = files.filter(path -> path.toString().endsWith("-" + SEGMENT_BYTES + ".rec"))
                .findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(segment);
        final int middle = SEGMENT_BYTES / 2 + 200;
        for (int i = 0; i < 16; i++) {
            bytes[middle + i] ^= 0x55;
        }
        Files.write(segment, bytes);
    }

    /** Publishes readings in turn with faults, each with a number and a key; answers the readings' first sequence. */
    static long publish(final Bus bus, final int from, final int to) {
        final TestEvents events = new TestEvents(bus);
        long first = -1;
        for (int i = from; i < to; i++) {
            final long sequence = i % 2 == 0 ?
                events.publish("test.readings.press", "press-" + i % 10, "reading " + i) :
                events.publish("test.faults", "press-" + i % 10, "fault " + i);
            first = first < 0 ? sequence : first;
        }
        return first;
    }
}
