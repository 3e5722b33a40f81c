package io.headrace.aeron.log;

import io.aeron.archive.codecs.CatalogHeaderEncoder;
import io.aeron.archive.codecs.RecordingDescriptorEncoder;
import io.aeron.archive.codecs.RecordingDescriptorHeaderEncoder;
import io.aeron.archive.codecs.RecordingState;
import io.headrace.bus.log.RecordType;
import io.headrace.codecs.sbe.CheckpointEndEncoder;
import io.headrace.codecs.sbe.MessageHeaderEncoder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/** Writes a log's files for tests, byte by byte as an archive does: sparse segments, fragments, padding, catalog. */
final class LogFiles implements AutoCloseable {
    static final int TERM_LENGTH = 64 << 10;
    static final int SEGMENT_LENGTH = 128 << 10;
    static final int MTU = 1408;
    static final int INITIAL_TERM_ID = 77;
    static final int STREAM_ID = 1001;

    private static final int FRAME_HEADER = 32;

    private final Path folder;
    private final List<Written> written = new ArrayList<>();
    private long position;
    private RandomAccessFile open;
    private Path openPath;

    /** One record as it was written. */
    record Written(
        RecordType type, long sequence, long nextSequence, long timeNs, long position, long nextPosition,
        byte[] payload) {
    }

    LogFiles(final Path folder) {
        this.folder = folder;
        writeCatalog(-1);
    }

    Path folder() {
        return folder;
    }

    List<Written> written() {
        return written;
    }

    long position() {
        return position;
    }

    SegmentFiles files() {
        return new SegmentFiles(folder, ArchiveCatalog.require(folder));
    }

    Written event(final long sequence, final long nextSequence, final long timeNs, final byte[] payload) {
        return append(RecordType.EVENT, sequence, nextSequence, timeNs, payload);
    }

    Written checkpointEnd(final long nextSequence, final long timeNs, final long startPosition) {
        final UnsafeBuffer buffer = new UnsafeBuffer(
            new byte[MessageHeaderEncoder.ENCODED_LENGTH + CheckpointEndEncoder.BLOCK_LENGTH]);
        new CheckpointEndEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .startPosition(startPosition);
        return append(RecordType.CHECKPOINT_END, nextSequence, nextSequence, timeNs, buffer.byteArray());
    }

    Written append(
        final RecordType type,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final byte[] payload) {
        final long start = appendRaw(record(type, sequence, nextSequence, timeNs, payload));
        final Written one = new Written(type, sequence, nextSequence, timeNs, start, position, payload);
        written.add(one);
        return one;
    }

    /** Appends a record's bytes, and tells where they begin. */
    long appendRaw(final byte[] record) {
        final int required = framedLength(record.length);
        final int termLeft = TERM_LENGTH - (int)(position & (TERM_LENGTH - 1));
        if (required > termLeft) {
            pad(termLeft);
        }
        final long start = position;
        int done = 0;
        while (done < record.length) {
            final int length = Math.min(MTU - FRAME_HEADER, record.length - done);
            final int flags = (done == 0 ? 0x80 : 0) | (done + length == record.length ? 0x40 : 0);
            frame(flags, 1, FRAME_HEADER + length, record, done, length);
            done += length;
        }
        return start;
    }

    /** Appends random records until the log has about the given length: long and short ones, and checkpoints. */
    LogFiles fill(final Random random, final long untilPosition) {
        long sequence = written.isEmpty() ? 0 : written.get(written.size() - 1).nextSequence();
        long timeNs = 1_000_000;
        while (position < untilPosition) {
            timeNs += random.nextInt(1000) - (random.nextInt(50) == 0 ? 20_000 : 0);
            final long start = position;
            if (random.nextInt(40) == 0) {
                append(RecordType.CONTROL, sequence, sequence, timeNs, payload(random, 100));
                checkpointEnd(sequence, timeNs, start);
            } else {
                final int length = random.nextInt(20) == 0 ? random.nextInt(8000) : random.nextInt(300);
                final long next = sequence + 1 + random.nextInt(3);
                event(sequence, next, timeNs, payload(random, length));
                sequence = next;
            }
        }
        return this;
    }

    static byte[] payload(final Random random, final int length) {
        final byte[] payload = new byte[length];
        if (random.nextInt(4) != 0) {
            random.nextBytes(payload);
        }
        return payload;
    }

    Path segment(final long place) {
        return folder.resolve("0-" + (place - place % SEGMENT_LENGTH) + ".rec");
    }

    byte[] read(final long place, final int length) {
        try (RandomAccessFile file = new RandomAccessFile(segment(place).toFile(), "r")) {
            final byte[] bytes = new byte[length];
            file.seek(place % SEGMENT_LENGTH);
            file.readFully(bytes);
            return bytes;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(final long place, final byte[] bytes) {
        final Path path = segment(place);
        try {
            if (!path.equals(openPath)) {
                close();
                open = new RandomAccessFile(path.toFile(), "rw");
                openPath = path;
            }
            if (open.length() != SEGMENT_LENGTH) {
                open.setLength(SEGMENT_LENGTH);
            }
            open.seek(place % SEGMENT_LENGTH);
            open.write(bytes);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives files that were shortened their length again. */
    void lengthen() {
        for (long base = 0; Files.exists(segment(base)); base += SEGMENT_LENGTH) {
            write(base, new byte[0]);
        }
    }

    /** Lets go of the open file. */
    @Override
    public void close() throws IOException {
        openPath = null;
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** Overwrites everything from a place on with zeros, as if it had never been written. */
    void cut(final long from) {
        for (long base = from - from % SEGMENT_LENGTH; Files.exists(segment(base)); base += SEGMENT_LENGTH) {
            final long start = Math.max(from, base);
            write(start, new byte[(int)(base + SEGMENT_LENGTH - start)]);
        }
    }

    /** Cuts, and tells the records of which no byte was lost: one that ends with zeros can lose those. */
    List<Written> keptWhenCut(final long from) {
        final List<byte[]> before = written.stream().map(this::bytesOf).toList();
        cut(from);
        final List<Written> kept = new ArrayList<>();
        for (int i = 0; i < before.size() && Arrays.equals(before.get(i), bytesOf(written.get(i))); i++) {
            kept.add(written.get(i));
        }
        return kept;
    }

    private byte[] bytesOf(final Written one) {
        return read(one.position(), (int)(one.nextPosition() - one.position()));
    }

    static byte[] record(
        final RecordType type,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final byte[] payload) {
        return record(RecordDescriptor.VERSION, type, sequence, nextSequence, timeNs, payload);
    }

    static byte[] record(
        final byte version,
        final RecordType type,
        final long sequence,
        final long nextSequence,
        final long timeNs,
        final byte[] payload) {
        final byte[] bytes = new byte[RecordDescriptor.HEADER_LENGTH + payload.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        RecordDescriptor.putHeader(buffer, 0, type.code(), sequence, nextSequence, timeNs);
        buffer.putByte(RecordDescriptor.VERSION_OFFSET, version);
        buffer.putBytes(RecordDescriptor.HEADER_LENGTH, payload);
        final CRC32C crc = new CRC32C();
        crc.update(bytes, RecordDescriptor.CHECKED_FROM_OFFSET, bytes.length - RecordDescriptor.CHECKED_FROM_OFFSET);
        RecordDescriptor.putChecksum(buffer, 0, (int)crc.getValue());
        return bytes;
    }

    private static int framedLength(final int length) {
        final int payloadLength = MTU - FRAME_HEADER;
        final int rest = length % payloadLength;
        return length / payloadLength * MTU + (rest == 0 ? 0 : BitUtil.align(rest + FRAME_HEADER, 32));
    }

    private void pad(final int length) {
        frame(0xC0, 0, length, new byte[0], 0, 0);
    }

    private void frame(
        final int flags, final int type, final int length, final byte[] source, final int from, final int count) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BitUtil.align(FRAME_HEADER + count, 32)]);
        buffer.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(5, (byte)flags);
        buffer.putShort(6, (short)type, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(8, (int)(position & (TERM_LENGTH - 1)), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12, 4711, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(16, STREAM_ID, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(20, INITIAL_TERM_ID + (int)(position / TERM_LENGTH), ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(FRAME_HEADER, source, from, count);
        write(position, buffer.byteArray());
        position += BitUtil.align(length, 32);
        if (position % SEGMENT_LENGTH == 0) {
            write(position, new byte[0]);
        }
    }

    private void writeCatalog(final long stopPosition) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
        final CatalogHeaderEncoder header = new CatalogHeaderEncoder().wrap(buffer, 0);
        header.version(3 << 16 | 1 << 8).length(CatalogHeaderEncoder.BLOCK_LENGTH).nextRecordingId(1).alignment(64);
        final int offset = CatalogHeaderEncoder.BLOCK_LENGTH;
        final RecordingDescriptorEncoder descriptor = new RecordingDescriptorEncoder()
            .wrap(buffer, offset + RecordingDescriptorHeaderEncoder.BLOCK_LENGTH)
            .recordingId(0)
            .startPosition(0)
            .stopPosition(stopPosition)
            .initialTermId(INITIAL_TERM_ID)
            .segmentFileLength(SEGMENT_LENGTH)
            .termBufferLength(TERM_LENGTH)
            .mtuLength(MTU)
            .sessionId(4711)
            .streamId(STREAM_ID)
            .strippedChannel("aeron:ipc")
            .originalChannel("aeron:ipc")
            .sourceIdentity("aeron:ipc");
        new RecordingDescriptorHeaderEncoder().wrap(buffer, offset)
            .length(descriptor.encodedLength())
            .state(RecordingState.VALID);
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(ArchiveCatalog.FILE_NAME), buffer.byteArray());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
