package io.headrace.codecs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.agrona.DirectBuffer;

/**
 * The test's thread: one of our views, wrapped and then read through every accessor, so that a test can do the same to
 * all of them with bytes that it does not understand.
 */
enum Probe {
    EVENT {
        private final EventView view = new EventView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.sequence(), view.publishTimeNs(), view.sourceTimeNs(), view.keyHash(), view.kind(),
                view.flags(), view.snapshot(), view.inTransaction(), view.topic(), view.source());
            all.field(view.topicOffset(), view.topicLength());
            all.field(view.sourceOffset(), view.sourceLength());
            all.field(view.messageIdOffset(), view.messageIdLength());
            all.field(view.correlationIdOffset(), view.correlationIdLength());
            all.field(view.sourcePositionOffset(), view.sourcePositionLength());
            all.field(view.keyOffset(), view.keyLength());
            all.field(view.payloadOffset(), view.payloadLength());
        }
    },

    ROW_CHANGE {
        private final RowChangeView view = new RowChangeView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.operation(), view.transactionId(), view.commitTimeNs(), view.lsn(),
                view.indexInTransaction(), view.columnCount(), view.schemaName(), view.tableName());
            all.field(view.schemaNameOffset(), view.schemaNameLength());
            all.field(view.tableNameOffset(), view.tableNameLength());
            for (int i = view.columnCount() - 1; i >= 0; i--) {
                final RowColumn column = view.column(i);
                all.add(column.type(), column.key(), column.name(), column.typeName());
                all.field(column.nameOffset(), column.nameLength());
                all.field(column.typeNameOffset(), column.typeNameLength());
                readValue(all, column, column.before());
                readValue(all, column, column.after());
            }
        }

        private void readValue(final Reading all, final RowColumn column, final ValueView value) {
            all.field(value.offset(), value.length());
            all.add(value.state(), value.text());
            if (value.present()) {
                switch (column.type()) {
                    case BOOL -> all.add(value.boolValue());
                    case INT16, INT32, INT64, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> all.add(value.longValue());
                    case FLOAT32, FLOAT64 -> all.add(value.doubleValue());
                    case UUID -> all.add(value.uuidHi(), value.uuidLo());
                    default -> all.add(column.type());
                }
            }
        }
    },

    READING {
        private final ReadingView view = new ReadingView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.timeNs(), view.readingType(), view.quality(), view.doubleValue(), view.longValue(),
                view.boolValue(), view.sensorId(), view.unit(), view.text());
            all.field(view.sensorIdOffset(), view.sensorIdLength());
            all.field(view.unitOffset(), view.unitLength());
            all.field(view.textOffset(), view.textLength());
        }
    },

    DOCUMENT {
        private final DocumentView view = new DocumentView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.contentType(), view.schemaReference());
            all.field(view.contentTypeOffset(), view.contentTypeLength());
            all.field(view.schemaReferenceOffset(), view.schemaReferenceLength());
            all.field(view.bodyOffset(), view.bodyLength());
        }
    },

    TRANSACTION_MARK {
        private final TransactionMarkView view = new TransactionMarkView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.mark(), view.transactionId(), view.commitTimeNs(), view.commitLsn(), view.eventCount());
        }
    },

    EVENT_PARKED {
        private final EventParkedView view = new EventParkedView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.sequence(), view.parkedAtNs(), view.attempts(), view.heldBack(), view.subscription(),
                view.reason());
            all.field(view.eventOffset(), view.eventLength());
        }
    },

    PARKED_RESOLVED {
        private final ParkedResolvedView view = new ParkedResolvedView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.sequence(), view.resolvedAtNs(), view.resolution(), view.subscription());
        }
    },

    PARKED_AT {
        private final ParkedAtView view = new ParkedAtView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.sequence(), view.logPosition(), view.subscription());
        }
    },

    MESSAGE_IDS {
        private final MessageIdsView view = new MessageIdsView();

        @Override
        DecodeError wrap(final DirectBuffer buffer, final int offset, final int length) {
            return view.wrap(buffer, offset, length);
        }

        @Override
        void read(final Reading all) {
            all.message(view.buffer(), view.offset(), view.length());
            all.add(view.first(), view.source(), view.idCount());
            for (int i = 0; i < view.idCount(); i++) {
                all.add(view.high(i), view.low(i));
            }
        }
    };

    abstract DecodeError wrap(DirectBuffer buffer, int offset, int length);

    abstract void read(Reading all);

    /** All that the view shows, with offsets relative to the message; fails if a field lies outside of it. */
    final List<Object> readAll() {
        final Reading all = new Reading();
        read(all);
        return all.values;
    }

    /** What one pass over a view's accessors gave. */
    static final class Reading {
        private final List<Object> values = new ArrayList<>();
        private DirectBuffer buffer;
        private int offset;
        private int length;

        void message(final DirectBuffer messageBuffer, final int messageOffset, final int messageLength) {
            buffer = messageBuffer;
            offset = messageOffset;
            length = messageLength;
        }

        void add(final Object... read) {
            for (final Object value : read) {
                values.add(value == null ? "null" : value);
            }
        }

        void field(final int fieldOffset, final int fieldLength) {
            if (fieldLength < 0 || fieldLength > 0 &&
                (fieldOffset < offset || fieldOffset + fieldLength > offset + length)) {
                throw new AssertionError("offset=" + fieldOffset + " length=" + fieldLength +
                    " lies outside of offset=" + offset + " length=" + length);
            }
            final byte[] bytes = new byte[fieldLength];
            buffer.getBytes(fieldOffset, bytes);
            values.add(fieldLength == 0 ? 0 : fieldOffset - offset);
            values.add(Arrays.hashCode(bytes));
        }
    }
}
