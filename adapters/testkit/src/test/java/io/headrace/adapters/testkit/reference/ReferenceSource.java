package io.headrace.adapters.testkit.reference;

import io.headrace.adapters.testkit.EncodedEvent;
import io.headrace.adapters.testkit.EventFixture;
import io.headrace.bus.adapter.RecordedSource;
import io.headrace.bus.adapter.Source;
import io.headrace.bus.adapter.SourceContext;
import io.headrace.bus.publish.Publisher;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A source that keeps the contract, in its own thread; and one that breaks a clause of it for each
 * {@link SourceFault}, so that the contract can be seen to notice.
 */
final class ReferenceSource implements Source {
    private static final long PUBLISH_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOSE_TIMEOUT_MS = 5000;
    private static final long DROPPED = Long.MIN_VALUE;

    private final ReferenceSourceOptions options;
    private final SourceContext context;
    private final Origin origin;
    private final AtomicCounter malformedRecords;
    private final Deque<Published> unconfirmed = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "reference-source");
    /** Counted down once the thread has seen that it must publish nothing more. */
    private final CountDownLatch quiet = new CountDownLatch(1);
    private volatile boolean quiescing;
    private volatile boolean closed;
    private long nextIndex = -1;
    /** Of the record at which it resumes, the first event that is not recorded yet. */
    private long resumedIndex = -1;
    private int resumedOffset;

    private record Published(long sequence, long index) {
    }

    private final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    ReferenceSource(final ReferenceSourceOptions options, final SourceContext context) {
        this.options = options;
        this.context = context;
        this.origin = Origin.of(options.origin());
        this.malformedRecords = context.counter("malformed-records");
    }

    private boolean fault(final SourceFault fault) {
        return options.fault() == fault;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    connect();
                    while (!closed) {
                        step();
                    }
                } catch (final IOException ex) {
                    seeQuiescing();
                    if (!fault(SourceFault.SWALLOWS_FAILURES)) {
                        context.health().down(ex.getMessage() + " It is tried again.");
                    }
                    if (!fault(SourceFault.INSISTS)) {
                        Thread.sleep(options.pause().toMillis());
                    }
                }
            }
        } catch (final InterruptedException | Stop ex) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean seeQuiescing() {
        if (quiescing) {
            quiet.countDown();
        }
        return quiescing;
    }

    private void connect() throws IOException {
        final long confirmedCount = origin.connect(options.password().value());
        if (nextIndex < 0) {
            final boolean skips = fault(SourceFault.LOSES_ONE_ON_RESTART) && confirmedCount > 0;
            nextIndex = skips ? confirmedCount + 1 : confirmedCount;
            if (!fault(SourceFault.FORGETS_WHAT_IS_RECORDED)) {
                context.recorded().ifPresent(this::resume);
            }
        } else if (fault(SourceFault.DUPLICATES_ON_RECONNECT)) {
            nextIndex = Math.max(0, nextIndex - 1);
        }
        context.health().up();
    }

    private void resume(final RecordedSource recorded) {
        final ByteBuffer position = ByteBuffer.wrap(recorded.sourcePosition());
        nextIndex = position.getLong();
        if (recorded.openTransaction() && !fault(SourceFault.LEAVES_AN_OPEN_TRANSACTION)) {
            resumedIndex = nextIndex;
            resumedOffset = (int)position.getLong() + 1;
        } else {
            nextIndex++;
        }
    }

    private void step() throws IOException, InterruptedException {
        confirm();
        if (seeQuiescing()) {
            Thread.sleep(1);
            return;
        }
        final String record = origin.read(nextIndex, 1);
        if (record == null) {
            return;
        }
        final String neighbour = fault(SourceFault.SWAPS_NEIGHBOURS) ? origin.read(nextIndex + 1, 1) : null;
        if (neighbour != null) {
            take(neighbour, nextIndex + 1);
        }
        if (take(record, nextIndex)) {
            nextIndex += neighbour == null ? 1 : 2;
        }
    }

    /** Answers false when it was told to stop before the bus took the record. */
    private boolean take(final String record, final long index) throws IOException {
        final List<EncodedEvent> events;
        try {
            events = encode(record, index);
        } catch (final NumberFormatException ex) {
            if (fault(SourceFault.DIES_OF_MALFORMED_INPUT)) {
                throw new Stop();
            }
            if (!fault(SourceFault.SWALLOWS_MALFORMED_INPUT)) {
                malformedRecords.increment();
            }
            return true;
        }
        long sequence = -1;
        for (int offset = index == resumedIndex ? resumedOffset : 0; offset < events.size(); offset++) {
            if (offset == resumedOffset && offset > 0 && fault(SourceFault.BEGINS_AN_OPEN_TRANSACTION_AGAIN)) {
                publish(events.get(0));
            }
            sequence = publish(events.get(offset));
            if (sequence == DROPPED) {
                return true;
            }
            if (sequence < 0) {
                return false;
            }
        }
        unconfirmed.add(new Published(sequence, index));
        if (fault(SourceFault.CONFIRMS_TOO_EARLY)) {
            origin.confirm(index + 1);
        }
        return true;
    }

    /** Answers the sequence, or that the event was dropped, or another negative number when it was told to stop. */
    private long publish(final EncodedEvent event) {
        long sequence = Publisher.BACK_PRESSURED;
        while (sequence == Publisher.BACK_PRESSURED) {
            sequence = context.publisher().publish(event.buffer(), 0, event.lengthBytes(), PUBLISH_TIMEOUT_NS);
            if (sequence == Publisher.BACK_PRESSURED && fault(SourceFault.DROPS_WHEN_THE_BUS_IS_SLOW)) {
                return DROPPED;
            }
            if (quiescing && sequence < 0) {
                return sequence;
            }
            if (closed && sequence < 0 && !fault(SourceFault.CANNOT_CLOSE_UNDER_BACK_PRESSURE)) {
                throw new Stop();
            }
        }
        return sequence;
    }

    /** One number, or the numbers of a transaction with commas between them. */
    private List<EncodedEvent> encode(final String record, final long index) {
        final List<EncodedEvent> events = new ArrayList<>();
        final String[] numbers = record.split(",");
        if (numbers.length == 1) {
            events.add(encode(Long.parseLong(record), index, 0));
            return events;
        }
        events.add(mark(Mark.BEGIN, index, 0, 0));
        for (final String number : numbers) {
            events.add(encode(Long.parseLong(number), index, events.size()).inTransaction());
        }
        events.add(mark(Mark.COMMIT, index, events.size(), numbers.length));
        return events;
    }

    private EncodedEvent encode(final long number, final long index, final long offset) {
        final long position = fault(SourceFault.REPEATS_POSITIONS) ? index / 2 : index;
        return fixture("record").key(Long.toString(number)).sourcePosition(position, offset)
            .rawPayload(EventKind.READING, ReferenceReading.encode(number));
    }

    private EncodedEvent mark(final Mark mark, final long index, final long offset, final long count) {
        return fixture("transaction").sourcePosition(index, offset).mark(writer ->
            writer.mark(mark).transactionId(index).eventCount(count).length());
    }

    private EventFixture fixture(final String topic) {
        final String name = fault(SourceFault.NAMES_ANOTHER_SOURCE) ? "another" : context.name();
        return new EventFixture().source(name).topic(context.name() + "." + topic)
            .sourceTimeNs(context.epochClock().nanoTime());
    }

    private void confirm() throws IOException {
        if (fault(SourceFault.FORGETS_TO_CONFIRM_AT_THE_END) && quiescing) {
            return;
        }
        final long finishedSequence = context.finishedSequence();
        long confirmedCount = 0;
        while (!unconfirmed.isEmpty() && unconfirmed.peek().sequence() <= finishedSequence) {
            confirmedCount = unconfirmed.poll().index() + 1;
        }
        if (confirmedCount > 0) {
            origin.confirm(confirmedCount);
        }
    }

    @Override
    public void quiesce() {
        if (fault(SourceFault.GOES_ON_WHEN_QUIESCED)) {
            return;
        }
        quiescing = true;
        try {
            final boolean seen = quiet.await(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assert seen : "the thread has not seen it";
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (fault(SourceFault.LEAVES_A_THREAD)) {
            final Thread left = new Thread(this::waitForEver, "reference-left");
            left.setDaemon(true);
            left.start();
        }
        try {
            thread.join(fault(SourceFault.CANNOT_CLOSE_UNDER_BACK_PRESSURE) ? 0 : CLOSE_TIMEOUT_MS);
            if (!fault(SourceFault.FORGETS_TO_CONFIRM_AT_THE_END)) {
                confirm();
            }
        } catch (final IOException ex) {
            context.health().down(ex.getMessage());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void waitForEver() {
        try {
            while (true) {
                wait();
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
