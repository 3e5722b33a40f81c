package io.headrace.adapters.testkit;

import io.headrace.codecs.DecodeError;
import io.headrace.codecs.DocumentView;
import io.headrace.codecs.EventView;
import io.headrace.codecs.ReadingView;
import io.headrace.codecs.RowChangeView;
import io.headrace.codecs.TransactionMarkView;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.Mark;

import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Looks at what a source has published. Owned by the test's thread. */
final class EventCheck {
    private EventCheck() {
    }

    static void assertValid(final List<EncodedEvent> events, final String sourceName) {
        long lastSequence = -1;
        for (final EncodedEvent event : events) {
            final EventView view = event.view();
            assertTrue(view.sequence() > lastSequence, "sequences grow: " + view.sequence() + " " + lastSequence);
            lastSequence = view.sequence();
            assertEquals(sourceName, view.source(), "the source's name in " + event);
            assertFalse(view.topic().isBlank(), "the topic of " + event);
            assertTrue(view.sourceTimeNs() > 0, "the source time of " + event);
            assertEquals(DecodeError.NONE, payloadError(view), "the payload of " + event);
        }
    }

    static DecodeError payloadError(final EventView view) {
        final int offset = view.payloadOffset();
        final int length = view.payloadLength();
        return switch (view.kind()) {
            case ROW_CHANGE -> new RowChangeView().wrap(view.buffer(), offset, length);
            case READING -> new ReadingView().wrap(view.buffer(), offset, length);
            case DOCUMENT -> new DocumentView().wrap(view.buffer(), offset, length);
            case TRANSACTION -> new TransactionMarkView().wrap(view.buffer(), offset, length);
            default -> DecodeError.BAD_ENUM;
        };
    }

    /** Each transaction is framed once, by marks that agree with what is between them. */
    static void assertTransactionsWhole(final List<EncodedEvent> events) {
        final TransactionMarkView mark = new TransactionMarkView();
        boolean open = false;
        long eventCount = 0;
        for (final EncodedEvent event : events) {
            final EventView view = event.view();
            if (view.kind() != EventKind.TRANSACTION) {
                assertEquals(open, view.inTransaction(), "whether it is flagged as in a transaction: " + event);
                eventCount++;
                continue;
            }
            assertEquals(DecodeError.NONE, mark.wrap(view.buffer(), view.payloadOffset(), view.payloadLength()));
            assertEquals(mark.mark() == Mark.COMMIT, open, "whether a transaction is open before " + mark.mark());
            if (mark.mark() == Mark.COMMIT) {
                assertEquals(mark.eventCount(), eventCount, "events of transaction " + mark.transactionId());
            }
            open = mark.mark() == Mark.BEGIN;
            eventCount = 0;
        }
        assertFalse(open, "the last transaction has no commit mark");
    }

    static void assertTraits(final List<EncodedEvent> changes, final SourceTraits traits) {
        byte[] lastPosition = {};
        for (final EncodedEvent event : changes) {
            final EventView view = event.view();
            if (traits.keys()) {
                assertTrue(view.keyLength() > 0, "the key of " + event);
            }
            if (traits.positions()) {
                final byte[] position = new byte[view.sourcePositionLength()];
                view.buffer().getBytes(view.sourcePositionOffset(), position);
                assertTrue(Arrays.compareUnsigned(position, lastPosition) > 0,
                    "source positions grow, but " + Arrays.toString(lastPosition) + " is followed by "
                        + Arrays.toString(position));
                lastPosition = position;
            }
        }
    }
}
