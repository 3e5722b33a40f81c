package io.headrace.aeron.log;

import io.headrace.bus.log.LogDescription;
import io.headrace.bus.log.LogException;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.LogEpochEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class LogDescriberTest {
    @Property(tries = 40)
    void shouldDescribeALogWithOrWithoutAnIndex(@ForAll final long seed, @ForAll final boolean indexed)
        throws IOException {
        LogTailTest.within(log -> {
            epoch(log, 1);
            epoch(log, 2);
            log.fill(new Random(seed), 2 * LogFiles.SEGMENT_LENGTH);
            // What a clean close leaves: no event behind the last checkpoint.
            final long start = log.position();
            final long next = log.written().get(log.written().size() - 1).nextSequence();
            epoch(log, 3);
            log.checkpointEnd(next, 1, start);
            if (indexed) {
                final SparseIndex index = SparseIndex.load(log.files(), 4096);
                index.settle(log.position());
                index.close();
            }
            final List<LogFiles.Written> events = log.written().stream()
                .filter(one -> one.type() == RecordType.EVENT).toList();
            final LogFiles.Written first = events.get(0);
            final LogFiles.Written last = events.get(events.size() - 1);
            assertEquals(
                new LogDescription(
                    log.folder(),
                    4711,
                    3,
                    0,
                    log.position(),
                    first.sequence(),
                    next,
                    first.timeNs(),
                    last.timeNs(),
                    (int)(log.position() / LogFiles.SEGMENT_LENGTH) + 1,
                    LogFiles.SEGMENT_LENGTH),
                LogDescriber.describe(log.folder()));
        });
    }

    @Test
    void shouldDescribeAnEmptyLogAndNone() throws IOException {
        LogTailTest.within(log -> {
            final LogDescription empty = LogDescriber.describe(log.folder());
            assertEquals(-1, empty.firstSequence());
            assertEquals(0, empty.nextSequence());
            assertEquals(0, empty.endPosition());
            assertEquals(0, empty.segmentCount());
            final LogException e = assertThrows(
                LogException.class, () -> LogDescriber.describe(log.folder().resolve("none")));
            assertEquals(LogException.Category.MISSING, e.category());
        });
    }

    private static void epoch(final LogFiles log, final long epoch) {
        final UnsafeBuffer buffer = new UnsafeBuffer(
            new byte[MessageHeaderEncoder.ENCODED_LENGTH + LogEpochEncoder.BLOCK_LENGTH]);
        new LogEpochEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .logId(4711).epoch(epoch).firstSequence(0).startTimeNs(1);
        final long next = log.written().isEmpty() ? 0 : log.written().get(log.written().size() - 1).nextSequence();
        log.append(RecordType.CONTROL, next, next, 1, buffer.byteArray());
    }
}
