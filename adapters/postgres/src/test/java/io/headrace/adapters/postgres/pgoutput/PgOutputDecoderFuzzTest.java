package io.headrace.adapters.postgres.pgoutput;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Damaged messages: each is decoded or refused, nothing else, and what is published can be read. */
class PgOutputDecoderFuzzTest {
    private static final int STOCK = 16_384;
    private static final AtomicLong UNREADABLE = new AtomicLong();
    private static DecoderFixture fixture;

    @BeforeContainer
    static void makeDecoder() {
        fixture = new DecoderFixture(Path.of("target", "fuzz-spill"), event -> {
            if (event.kind() == null) {
                UNREADABLE.incrementAndGet();
            }
        });
        fixture.send(Messages.relation(STOCK));
    }

    @AfterContainer
    static void close() {
        fixture.close();
        assertEquals(0, UNREADABLE.get());
    }

    @Provide
    Arbitrary<byte[]> anything() {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(200);
    }

    @Provide
    Arbitrary<Messages> wellFormed() {
        return Arbitraries.of(List.of(
            Messages.begin(100, 7),
            Messages.relation(STOCK),
            Messages.insert(STOCK, "1", "bolt", "1.5"),
            Messages.of('U').int32(STOCK).int8('O').tuple("1", "a", null).int8('N').tuple("2", "b", "3"),
            Messages.of('T').int32(1).int8(0).int32(STOCK),
            Messages.of('M').int8(1).int64(5).text("p").int32(3).raw("abc"),
            Messages.of('S').int32(50).int8(1),
            Messages.of('I').int32(50).int32(STOCK).int8('N').tuple("1", "2", "3"),
            Messages.of('E'),
            Messages.of('c').int32(50).int8(0).int64(200).int64(220).int64(0),
            Messages.of('A').int32(50).int32(51),
            Messages.commit(100, 120)));
    }

    @Property(tries = 3000)
    void shouldDecodeOrRefuseAnyBytes(@ForAll("anything") final byte[] bytes) {
        send(new UnsafeBuffer(bytes), bytes.length);
    }

    @Property(tries = 5000)
    void shouldDecodeOrRefuseADamagedMessage(
        @ForAll("wellFormed") final Messages message, @ForAll final int at, @ForAll final byte value) {
        final int length = message.length();
        final UnsafeBuffer damaged = new UnsafeBuffer(new byte[length]);
        damaged.putBytes(0, message.buffer(), 0, length);
        damaged.putByte(Math.floorMod(at, length), value);
        send(damaged, length);
    }

    private static void send(final UnsafeBuffer buffer, final int length) {
        try {
            fixture.send(buffer, 0, length);
        } catch (final FatalSourceException e) {
            assertEquals(FatalSourceException.class, e.getClass());
        }
    }
}
