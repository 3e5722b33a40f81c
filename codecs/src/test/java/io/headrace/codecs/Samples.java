package io.headrace.codecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

import io.headrace.codecs.sbe.ColumnType;
import io.headrace.codecs.sbe.EventKind;
import io.headrace.codecs.sbe.EventParkedEncoder;
import io.headrace.codecs.sbe.Flag;
import io.headrace.codecs.sbe.Mark;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import io.headrace.codecs.sbe.MessageIdsEncoder;
import io.headrace.codecs.sbe.Operation;
import io.headrace.codecs.sbe.ParkedAtEncoder;
import io.headrace.codecs.sbe.ParkedResolvedEncoder;
import io.headrace.codecs.sbe.Quality;
import io.headrace.codecs.sbe.Resolution;
import org.agrona.concurrent.UnsafeBuffer;

/** The test's thread: one valid message for each view, with something in every field. */
final class Samples {
    private static final int MAX_LENGTH = 1_000;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private Samples() {
    }

    static byte[] of(final Probe probe) {
        final byte[] bytes = new byte[MAX_LENGTH];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int length = switch (probe) {
            case EVENT -> event(buffer);
            case ROW_CHANGE -> rowChange(buffer);
            case READING -> new ReadingWriter().wrap(buffer, 0).timeNs(1).quality(Quality.UNCERTAIN)
                .sensorId(utf8("sensor")).unit(utf8("mm/s")).text(utf8("shaking")).length();
            case DOCUMENT -> new DocumentWriter().wrap(buffer, 0).contentType(utf8("text/plain"))
                .schemaReference(utf8("none")).body(utf8("body of it")).length();
            case TRANSACTION_MARK -> new TransactionMarkWriter().wrap(buffer, 0).mark(Mark.COMMIT).transactionId(7)
                .commitTimeNs(8).commitLsn(9).eventCount(10).length();
            case EVENT_PARKED -> HEADER + new EventParkedEncoder().wrapAndApplyHeader(buffer, 0, header())
                .sequence(1).parkedAtNs(2).attempts(3).heldBack(Flag.YES).subscription("plan").reason("It is poison.")
                .putEventBytes(of(Probe.EVENT), 0, of(Probe.EVENT).length).encodedLength();
            case PARKED_RESOLVED -> HEADER + new ParkedResolvedEncoder().wrapAndApplyHeader(buffer, 0, header())
                .sequence(1).resolvedAtNs(2).resolution(Resolution.DROPPED).subscription("plan").encodedLength();
            case PARKED_AT -> HEADER + new ParkedAtEncoder().wrapAndApplyHeader(buffer, 0, header())
                .sequence(1).logPosition(2).subscription("plan").encodedLength();
            case MESSAGE_IDS -> messageIds(buffer);
        };
        return Arrays.copyOf(bytes, length);
    }

    private static MessageHeaderEncoder header() {
        return new MessageHeaderEncoder();
    }

    private static int messageIds(final UnsafeBuffer buffer) {
        final MessageIdsEncoder encoder =
            new MessageIdsEncoder().wrapAndApplyHeader(buffer, 0, header()).first(Flag.YES);
        encoder.idsCount(2).next().high(1).low(-2).next().high(3).low(-4);
        return HEADER + encoder.source("plant").encodedLength();
    }

    private static int event(final UnsafeBuffer buffer) {
        final byte[] payload = of(Probe.ROW_CHANGE);
        final EventWriter writer = new EventWriter().wrap(buffer, 0).kind(EventKind.ROW_CHANGE)
            .flags(EventWriter.IN_TRANSACTION).sourceTimeNs(5)
            .topic(utf8("topic/x")).source(utf8("source")).messageId(utf8("message"))
            .correlationId(utf8("correlation")).sourcePosition(utf8("position")).key(utf8("key"));
        return writer.payload(payload).length();
    }

    private static int rowChange(final UnsafeBuffer buffer) {
        return new RowChangeWriter().wrap(buffer, 0).operation(Operation.UPDATE).transactionId(1).commitTimeNs(2)
            .lsn(3).indexInTransaction(4).columnCount(5)
            .column(ColumnType.INT64, true, utf8("id"), utf8("int8")).longValue(1).longValue(2)
            .column(ColumnType.BOOL, false, utf8("flag"), utf8("boolean")).nullValue().boolValue(true)
            .column(ColumnType.UUID, false, utf8("uuid"), utf8("uuid")).absent().uuidValue(1, 2)
            .column(ColumnType.TEXT, false, utf8("text"), utf8("varchar")).bytes(utf8("old")).unchanged()
            .column(ColumnType.DATE, false, utf8("until"), utf8("date"))
            .sourceText(new UnsafeBuffer(utf8("infinity")), 0, 8).longValue(-9)
            .table(utf8("public"), utf8("stock")).length();
    }

    static byte[] utf8(final String text) {
        return text.getBytes(UTF_8);
    }
}
