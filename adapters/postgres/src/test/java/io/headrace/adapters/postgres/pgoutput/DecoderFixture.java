package io.headrace.adapters.postgres.pgoutput;

import io.headrace.bus.Bus;
import io.headrace.bus.BusContext;
import io.headrace.bus.subscription.EventHandler;
import io.headrace.bus.subscription.TopicSelector;
import io.headrace.codecs.sbe.ColumnType;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemEpochNanoClock;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A decoder on a real bus, with a catalog that knows one enumeration. */
final class DecoderFixture implements AutoCloseable, Catalog {
    static final int MOOD_OID = 99_999;

    final Bus bus;
    final PgOutputDecoder decoder;
    final ChangePublisher publisher;
    long committedLsn;
    long committedSequence = -1;

    DecoderFixture(final Path spillDirectory, final EventHandler handler) {
        this(spillDirectory, handler, 1 << 30);
    }

    DecoderFixture(final Path spillDirectory, final EventHandler handler, final long spillLimitBytes) {
        bus = new Bus(new BusContext().ring(1 << 12, 256));
        bus.subscribe("test", TopicSelector.all(), handler);
        publisher = new ChangePublisher(
            bus.newPublisher("erp"), "erp", () -> { }, PublishCounters.of(bus.counters()::counter),
            SystemEpochNanoClock.INSTANCE);
        final DecoderSettings settings = new DecoderSettings(
            "erp", List.of(), List.of("*"), "text/plain", "beat", spillDirectory, spillLimitBytes);
        decoder = new PgOutputDecoder(settings, this, publisher, this::onCommitted, () -> { });
    }

    private void onCommitted(final long lastSequence, final long endLsn) {
        committedSequence = lastSequence;
        committedLsn = endLsn;
    }

    DecoderFixture send(final Messages... messages) {
        for (final Messages message : messages) {
            send(message.buffer(), 0, message.length());
        }
        return this;
    }

    void send(final DirectBuffer buffer, final int offset, final int lengthBytes) {
        decoder.onMessage(buffer, offset, lengthBytes, 0x1000);
    }

    long counter(final String name) {
        return bus.counters().counter(name).get();
    }

    @Override
    public PgType type(final int typeOid, final String streamName) {
        return typeOid == MOOD_OID ?
            new PgType("public.mood", ColumnType.ENUM) : new PgType(String.valueOf(streamName), ColumnType.OTHER);
    }

    @Override
    public Set<String> primaryKey(final int relationOid) {
        return Set.of("id");
    }

    @Override
    public void close() {
        decoder.close();
        bus.close();
    }
}
