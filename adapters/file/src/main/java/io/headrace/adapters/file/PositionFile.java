package io.headrace.adapters.file;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The lane's thread: the small file beside the files of a series that says how far they hold the events. It has two
 * places for an entry, written in turns, so that an entry which is torn leaves the one before it. Each is a line of
 * text, with a checksum at its begin, that a person can read.
 */
final class PositionFile implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PositionFile.class);
    private static final int SLOT_COUNT = 2;
    private static final int SLOT_BYTES = 512;
    private static final int CRC_DIGITS = 8;
    private static final Pattern LINE =
        Pattern.compile("([0-9a-f]{8}) ([0-9]{1,18}) ([0-9]{1,18}) ([0-9a-f-]{16,60}) ([0-9]{1,3}) (.*)\n",
            Pattern.DOTALL);

    /**
     * What the file says.
     *
     * @param generation   goes up with each entry.
     * @param lengthBytes  how much of the file counts; it ends with a complete line.
     * @param positionText up to where the events are in this and earlier files; a log's id alone for no event yet.
     * @param fileName     of the last file, as it is called when completed.
     */
    record Entry(long generation, long lengthBytes, String positionText, String fileName) {
    }

    private final FileChannel channel;
    private final List<Entry> entries;
    private final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    private long generation;

    private PositionFile(final FileChannel channel, final List<Entry> entries) {
        this.channel = channel;
        this.entries = entries;
        generation = entries.isEmpty() ? 0 : entries.get(0).generation();
    }

    /** Opens it for writing, and makes it when there is none. Nobody else may have it open for writing. */
    static PositionFile open(final Path path) throws IOException {
        final FileChannel channel = FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(path, channel);
            return new PositionFile(channel, read(channel));
        } catch (final IOException e) {
            try {
                channel.close();
            } catch (final IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static void lock(final Path path, final FileChannel channel) throws IOException {
        final FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            throw new PartFile.FileTakenException(path, e);
        }
        if (lock == null) {
            throw new PartFile.FileTakenException(path, null);
        }
    }

    /** What the file of somebody else says, the newest first. */
    static List<Entry> peek(final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(channel);
        }
    }

    private static List<Entry> read(final FileChannel channel) throws IOException {
        final List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < SLOT_COUNT; i++) {
            final ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
            int readBytes = 0;
            while (bytes.hasRemaining() && readBytes >= 0) {
                readBytes = channel.read(bytes, (long)i * SLOT_BYTES + bytes.position());
            }
            final Entry entry = bytes.hasRemaining() ? null : parse(bytes.array());
            if (entry != null) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::generation).reversed());
        return entries;
    }

    /** The entry of a slot; null for one that was never written, or not wholly. */
    private static Entry parse(final byte[] bytes) {
        final Matcher matcher = LINE.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!matcher.matches() || !matcher.group(1).equals(checksum(bytes))) {
            return null;
        }
        final byte[] name = matcher.group(6).getBytes(StandardCharsets.UTF_8);
        final int nameBytes = Math.min(name.length, Integer.parseInt(matcher.group(5)));
        return new Entry(
            Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), matcher.group(4),
            new String(name, 0, nameBytes, StandardCharsets.UTF_8));
    }

    private static String checksum(final byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, CRC_DIGITS, bytes.length - CRC_DIGITS);
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /** What it said when it was opened, the newest first; at most two. */
    List<Entry> entries() {
        return entries;
    }

    /** Writes an entry over the older of the two. */
    void write(final long lengthBytes, final String positionText, final String fileName) throws IOException {
        final long next = generation + 1;
        final byte[] name = fileName.getBytes(StandardCharsets.UTF_8);
        final byte[] head = ("-".repeat(CRC_DIGITS) + ' ' + next + ' ' + lengthBytes + ' ' + positionText + ' '
            + name.length + ' ').getBytes(StandardCharsets.US_ASCII);
        final byte[] bytes = slot.clear().array();
        Arrays.fill(bytes, (byte)' ');
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(name, 0, bytes, head.length, name.length);
        bytes[SLOT_BYTES - 1] = '\n';
        System.arraycopy(checksum(bytes).getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, CRC_DIGITS);
        final long offset = next % SLOT_COUNT * SLOT_BYTES;
        while (slot.hasRemaining()) {
            channel.write(slot, offset + slot.position());
        }
        generation = next;
    }

    void force() throws IOException {
        channel.force(false);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            LOGGER.warn("the position file could not be closed", e);
        }
    }
}
